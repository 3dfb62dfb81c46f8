import type { AttachmentSnapshot, JsonObject, KnownItem } from '@espejo/core';
import type { Handle } from '../../connect.ts';
import { fromJson, textsFromJson, toJson } from '../../json.ts';
import { searchKey } from '../../search-text.ts';

export interface MirroredAttachment {
  readonly snapshot: AttachmentSnapshot;
  readonly hash: string;
}

export interface MissingAttachment {
  readonly storeId: string;
  readonly fileId: string;
  readonly missingSinceMs: number;
}

/** An attachment joined with its file; the file fields are null when the project does not list the file. */
export interface StoreFileRecord extends AttachmentSnapshot {
  readonly storeId: string;
  readonly filename: string | null;
  readonly bytes: number | null;
  readonly purpose: string | null;
  readonly isFileKnown: boolean;
  /** What of a primary file could not be read, one sentence each; null: nothing, or the file of a mirror. */
  readonly gaps: readonly string[] | null;
  readonly missingSinceMs: number | null;
}

export interface StoreFileKey {
  readonly createdAtS: number;
  readonly fileId: string;
}

const UPSERT = `
  insert into attachment (
    tenant_id, store_id, file_id, connection_id, status, usage_bytes, created_at_s, last_error, chunking_strategy,
    attributes, extra, content_hash, missing_since_ms
  ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)
  on conflict (tenant_id, store_id, file_id) do update set
    status = excluded.status, usage_bytes = excluded.usage_bytes, created_at_s = excluded.created_at_s,
    last_error = excluded.last_error, chunking_strategy = excluded.chunking_strategy, attributes = excluded.attributes,
    extra = excluded.extra, content_hash = excluded.content_hash, missing_since_ms = null
  where connection_id = excluded.connection_id`;

const RECOUNT = `
  update file set attachment_count =
      (select count(*) from attachment a where a.tenant_id = file.tenant_id and a.file_id = file.id)
   where tenant_id = ?`;

/** Attachments. Writes of mirrored rows need the connection's permit in the same transaction. */
export function createAttachmentRepository({ statement }: Handle) {
  return {
    /** The known files of a store in the order of their ids: all of them, or the next `limit` after an id. */
    async listKnown(tenantId: string, storeId: string, after = '', limit = -1): Promise<Map<string, KnownItem>> {
      const rows = statement(
        `select file_id, content_hash, missing_since_ms from attachment
          where tenant_id = ? and store_id = ? and file_id > ? order by file_id limit ?`,
      )
        .raw()
        .all(tenantId, storeId, after, limit) as KnownTuple[];
      return new Map(rows.map(toKnown));
    },
    /** What is known of these files of a store, to be compared with a page of its listing. */
    async findKnown(tenantId: string, storeId: string, fileIds: readonly string[]): Promise<Map<string, KnownItem>> {
      const rows = statement(
        `select file_id, content_hash, missing_since_ms from attachment
          where tenant_id = ? and store_id = ? and file_id in (select value from json_each(?))`,
      )
        .raw()
        .all(tenantId, storeId, JSON.stringify(fileIds)) as KnownTuple[];
      return new Map(rows.map(toKnown));
    },
    async countKnown(tenantId: string, storeId: string): Promise<number> {
      return statement('select count(*) from attachment where tenant_id = ? and store_id = ?')
        .pluck()
        .get(tenantId, storeId) as number;
    },
    async hasAny(tenantId: string, storeId: string): Promise<boolean> {
      return (
        statement('select 1 from attachment where tenant_id = ? and store_id = ? limit 1').get(tenantId, storeId) !==
        undefined
      );
    },
    async upsert(
      tenantId: string,
      connectionId: string,
      storeId: string,
      rows: readonly MirroredAttachment[],
    ): Promise<void> {
      const upsert = statement(UPSERT);
      for (const { snapshot: a, hash } of rows) {
        upsert.run(
          tenantId,
          storeId,
          a.fileId,
          connectionId,
          a.status,
          a.usageBytes,
          a.createdAt,
          toJson(a.lastError),
          toJson(a.chunkingStrategy),
          toJson(a.attributes),
          toJson(a.extra),
          hash,
        );
      }
    },
    /** Updates `attachment_count` of these files; part of every transaction that adds or removes attachments. */
    async recount(tenantId: string, fileIds: readonly string[]): Promise<void> {
      const recount = statement(`${RECOUNT} and id = ?`);
      for (const fileId of fileIds) recount.run(tenantId, fileId);
    },
    async markMissing(tenantId: string, storeId: string, fileIds: readonly string[], nowMs: number): Promise<void> {
      const mark = statement(
        `update attachment set missing_since_ms = ?
          where tenant_id = ? and store_id = ? and file_id = ? and missing_since_ms is null`,
      );
      for (const fileId of fileIds) mark.run(nowMs, tenantId, storeId, fileId);
    },
    async clearMissing(tenantId: string, storeId: string, fileId: string): Promise<void> {
      statement(
        'update attachment set missing_since_ms = null where tenant_id = ? and store_id = ? and file_id = ?',
      ).run(tenantId, storeId, fileId);
    },
    /** Attachments of a connection that were absent from the last complete listing of their store. */
    async listMissing(tenantId: string, connectionId: string): Promise<MissingAttachment[]> {
      // Without the hint, the planner reads every row of the tenant; the partial index has very few.
      const rows = statement(
        `select store_id, file_id, missing_since_ms from attachment indexed by attachment_missing
          where tenant_id = ? and connection_id = ? and missing_since_ms is not null`,
      )
        .raw()
        .all(tenantId, connectionId) as [string, string, number][];
      return rows.map(([storeId, fileId, missingSinceMs]) => ({ storeId, fileId, missingSinceMs }));
    },
    async remove(tenantId: string, storeId: string, fileId: string): Promise<void> {
      statement('delete from attachment where tenant_id = ? and store_id = ? and file_id = ?').run(
        tenantId,
        storeId,
        fileId,
      );
      statement(`${RECOUNT} and id = ?`).run(tenantId, fileId);
    },
    /** Removes a store's attachments; returns how many there were. */
    async removeAllOfStore(tenantId: string, storeId: string): Promise<number> {
      const fileIds = statement('select file_id from attachment where tenant_id = ? and store_id = ?')
        .pluck()
        .all(tenantId, storeId) as string[];
      statement('delete from attachment where tenant_id = ? and store_id = ?').run(tenantId, storeId);
      const recount = statement(`${RECOUNT} and id = ?`);
      for (const fileId of fileIds) recount.run(tenantId, fileId);
      return fileIds.length;
    },
    /** Fastest after the connection's files were removed: the remaining files are counted again. */
    async removeAllOf(tenantId: string, connectionId: string): Promise<void> {
      statement('delete from attachment where tenant_id = ? and connection_id = ?').run(tenantId, connectionId);
      statement(`${RECOUNT} and connection_id = ? and attachment_count > 0`).run(tenantId, connectionId);
    },
    async countOf(tenantId: string, connectionId: string): Promise<number> {
      return statement('select count(*) from attachment where tenant_id = ? and connection_id = ?')
        .pluck()
        .get(tenantId, connectionId) as number;
    },
    /** Attached files of a store, and how many of them the project does not list. */
    async storeTotals(tenantId: string, storeId: string): Promise<{ heldCount: number; ghostCount: number }> {
      const [heldCount, ghostCount] = statement(
        `select count(*), count(*) - count(f.id) from attachment a
           left join file f on f.tenant_id = a.tenant_id and f.id = a.file_id and f.missing_since_ms is null
          where a.tenant_id = ? and a.store_id = ?`,
      )
        .raw()
        .get(tenantId, storeId) as [number, number];
      return { heldCount, ghostCount };
    },
    /** Up to `limit` files of a store after a key, newest attachment first, with the number of matches. */
    async listOfStore(input: {
      tenantId: string;
      storeId: string;
      status: string | undefined;
      text: string | undefined;
      after: StoreFileKey | undefined;
      limit: number;
    }): Promise<{ rows: StoreFileRecord[]; total: number }> {
      const { tenantId, storeId, status, text, after, limit } = input;
      const where = ['a.tenant_id = ?', 'a.store_id = ?'];
      const values: (string | number)[] = [tenantId, storeId];
      if (status === 'missing') where.push('a.missing_since_ms is not null');
      else if (status === 'ghost') where.push('f.id is null');
      else if (status !== undefined) {
        where.push('a.status = ?');
        values.push(status);
      }
      const wanted = searchKey(text?.trim() ?? '');
      if (wanted !== '') {
        where.push('instr(coalesce(f.search_text, lower(a.file_id)), ?) > 0');
        values.push(wanted);
      }
      const from = `from attachment a
        left join file f on f.tenant_id = a.tenant_id and f.id = a.file_id and f.missing_since_ms is null
        where ${where.join(' and ')}`;
      const total = statement(`select count(*) ${from}`)
        .pluck()
        .get(...values) as number;
      const page = after === undefined ? '' : 'and (a.created_at_s, a.file_id) < (?, ?)';
      const rows = statement(
        `select a.store_id, a.file_id, a.status, a.usage_bytes, a.created_at_s, a.last_error, a.chunking_strategy,
                a.attributes, a.extra, a.missing_since_ms, f.id, f.filename, f.bytes, f.purpose,
                (select i.gaps from ingestion i
                  where i.tenant_id = a.tenant_id and i.store_id = a.store_id and i.file_id = a.file_id)
           ${from} ${page} order by a.created_at_s desc, a.file_id desc limit ?`,
      )
        .raw()
        .all(...values, ...(after === undefined ? [] : [after.createdAtS, after.fileId]), limit) as StoreFileTuple[];
      return { rows: rows.map(toStoreFile), total };
    },
  };
}

type KnownTuple = [fileId: string, hash: string, missingSinceMs: number | null];

function toKnown([fileId, hash, missingSinceMs]: KnownTuple): [string, KnownItem] {
  return [fileId, { hash, isMissing: missingSinceMs !== null }];
}

type StoreFileTuple = [
  storeId: string,
  fileId: string,
  status: string,
  usageBytes: number | null,
  createdAtS: number,
  lastError: string | null,
  chunkingStrategy: string | null,
  attributes: string | null,
  extra: string | null,
  missingSinceMs: number | null,
  knownFileId: string | null,
  filename: string | null,
  bytes: number | null,
  purpose: string | null,
  gaps: string | null,
];

function toStoreFile(tuple: StoreFileTuple): StoreFileRecord {
  const [
    storeId,
    fileId,
    status,
    usageBytes,
    createdAt,
    lastError,
    chunking,
    attributes,
    extra,
    missingSinceMs,
    known,
    filename,
    bytes,
    purpose,
    gaps,
  ] = tuple;
  const json = (text: string | null): JsonObject | null => fromJson(text);
  return {
    storeId,
    fileId,
    status,
    usageBytes,
    createdAt,
    lastError: json(lastError),
    chunkingStrategy: json(chunking),
    attributes: json(attributes),
    extra: json(extra),
    missingSinceMs,
    isFileKnown: known !== null,
    filename,
    bytes,
    purpose,
    gaps: textsFromJson(gaps),
  };
}
