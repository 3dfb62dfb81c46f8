import type { JsonObject } from '@espejo/core';
import type { Handle } from '../../connect.ts';
import { fromJson, textsFromJson } from '../../json.ts';
import { vanishedKey } from '../sync/vanished-rows.ts';

/** An attachment, primary or mirrored, with what is known of its file. */
export interface AttachmentRecord {
  readonly storeId: string;
  readonly fileId: string;
  readonly status: string;
  readonly usageBytes: number | null;
  readonly createdAt: number;
  readonly lastError: JsonObject | null;
  readonly chunkingStrategy: JsonObject | null;
  readonly attributes: JsonObject | null;
  readonly extra: JsonObject | null;
  readonly filename: string | null;
  readonly bytes: number | null;
  readonly missingSinceMs: number | null;
  /** Primary only: chunks in the index, ingestion attempts, and when the next one is due. */
  readonly chunkCount: number | null;
  /** What of the file could not be read, one sentence each; null: nothing. */
  readonly gaps: readonly string[] | null;
  readonly attempts: number;
  readonly nextAttemptAtMs: number | null;
  readonly batchId: string | null;
}

export interface AttachmentPageInput {
  readonly tenantId: string;
  readonly storeId: string;
  /** Only files of this batch. */
  readonly batchId?: string | undefined;
  readonly status?: string | undefined;
  readonly order: 'asc' | 'desc';
  /** Ids of files that are in the store or were within the last day; any other id gives `unknown_cursor`. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

type Tuple = [
  storeId: string,
  fileId: string,
  status: string,
  usageBytes: number | null,
  createdAt: number,
  lastError: string | null,
  chunkingStrategy: string | null,
  attributes: string | null,
  extra: string | null,
  filename: string | null,
  bytes: number | null,
  missingSinceMs: number | null,
  chunkCount: number | null,
  attempts: number | null,
  nextAttemptAtMs: number | null,
  batchId: string | null,
  gaps: string | null,
];

const SELECT = `
  select a.store_id, a.file_id, a.status, a.usage_bytes, a.created_at_s, a.last_error, a.chunking_strategy, a.attributes,
         a.extra, f.filename, f.bytes, a.missing_since_ms, i.chunk_count, i.attempts,
         case when i.is_pending then i.next_attempt_at_ms end, i.batch_id, i.gaps
    from attachment a
    left join ingestion i on i.tenant_id = a.tenant_id and i.store_id = a.store_id and i.file_id = a.file_id
    left join file f on f.tenant_id = a.tenant_id and f.id = a.file_id`;

/** The order of pages: by second of creation, then as attached; a mirror has no such order, so by id. */
const SORT = ['a.created_at_s', 'coalesce(i.seq, 0)', 'a.file_id'] as const;

/** Lists attachments as OpenAI pages them: a cursor is the id of the row at either end. */
export function createAttachmentListRepository(handle: Handle) {
  const { statement } = handle;
  function keyOf(tenantId: string, storeId: string, fileId: string): [number, number, string] | undefined {
    const present = statement(
      `select ${SORT.join(', ')} from attachment a
         left join ingestion i on i.tenant_id = a.tenant_id and i.store_id = a.store_id and i.file_id = a.file_id
        where a.tenant_id = ? and a.store_id = ? and a.file_id = ?`,
    )
      .raw()
      .get(tenantId, storeId, fileId) as [number, number, string] | undefined;
    if (present !== undefined) return present;
    const vanished = vanishedKey(handle, { tenantId, list: storeId, id: fileId });
    return vanished === undefined ? undefined : [...vanished, fileId];
  }
  return {
    async find(tenantId: string, storeId: string, fileId: string): Promise<AttachmentRecord | undefined> {
      const row = statement(`${SELECT} where a.tenant_id = ? and a.store_id = ? and a.file_id = ?`)
        .raw()
        .get(tenantId, storeId, fileId) as Tuple | undefined;
      return row === undefined ? undefined : toRecord(row);
    },
    /** Whether any of these stores has the file attached. */
    async isInAny(tenantId: string, storeIds: readonly string[], fileId: string): Promise<boolean> {
      return (
        statement(
          `select 1 from attachment where tenant_id = ? and file_id = ?
              and store_id in (select value from json_each(?)) limit 1`,
        ).get(tenantId, fileId, JSON.stringify(storeIds)) !== undefined
      );
    },
    /**
     * One page: after one row, before another, or between the two. With `before` alone, the rows nearest to it, in the
     * requested order. Undefined: a named row never was in the store.
     */
    async page(input: AttachmentPageInput): Promise<{ rows: AttachmentRecord[]; hasMore: boolean } | undefined> {
      const { tenantId, storeId, batchId, status, order, after, before, limit } = input;
      const terms = ['a.tenant_id = ?', 'a.store_id = ?'];
      const values: (string | number)[] = [tenantId, storeId];
      if (batchId !== undefined) {
        terms.push('a.file_id in (select file_id from file_batch_file where tenant_id = ? and batch_id = ?)');
        values.push(tenantId, batchId);
      }
      if (status !== undefined) {
        terms.push('a.status = ?');
        values.push(status);
      }
      for (const [id, isAfter] of [
        [after, true],
        [before, false],
      ] as const) {
        if (id === undefined) continue;
        const key = keyOf(tenantId, storeId, id);
        if (key === undefined) return undefined;
        terms.push(`(${SORT.join(', ')}) ${isAfter === (order === 'asc') ? '>' : '<'} (?, ?, ?)`);
        values.push(...key);
      }
      const isBackward = before !== undefined && after === undefined;
      const direction = isBackward === (order === 'asc') ? 'desc' : 'asc';
      const rows = statement(
        `${SELECT} where ${terms.join(' and ')} order by ${SORT.map((column) => `${column} ${direction}`).join(', ')} limit ?`,
      )
        .raw()
        .all(...values, limit + 1) as Tuple[];
      const page = rows.slice(0, limit).map(toRecord);
      return { rows: isBackward ? page.reverse() : page, hasMore: rows.length > limit };
    },
  };
}

function toRecord(tuple: Tuple): AttachmentRecord {
  const [
    storeId,
    fileId,
    status,
    usageBytes,
    createdAt,
    lastError,
    chunkingStrategy,
    attributes,
    extra,
    filename,
    bytes,
    missingSinceMs,
    chunkCount,
    attempts,
    nextAttemptAtMs,
    batchId,
    gaps,
  ] = tuple;
  return {
    storeId,
    fileId,
    status,
    usageBytes,
    createdAt,
    lastError: fromJson(lastError),
    chunkingStrategy: fromJson(chunkingStrategy),
    attributes: fromJson(attributes),
    extra: fromJson(extra),
    filename,
    bytes,
    missingSinceMs,
    chunkCount,
    attempts: attempts ?? 0,
    nextAttemptAtMs,
    batchId,
    gaps: textsFromJson(gaps),
  };
}
