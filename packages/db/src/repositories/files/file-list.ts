import type { FileSnapshot } from '@espejo/core';
import type { Handle } from '../../connect.ts';
import { fromJson } from '../../json.ts';
import { searchKey } from '../../search-text.ts';

/**
 * Files of this purpose are made for vector stores: they are orphans when no store and no other known tool has them.
 */
const ORPHAN_PURPOSE = 'assistants';

const SORTS = {
  createdAt: { column: 'f.created_at_s', key: (file: FileRecord) => file.createdAt },
  filename: { column: 'f.filename', key: (file: FileRecord) => file.filename },
  bytes: { column: 'f.bytes', key: (file: FileRecord) => file.bytes ?? UNKNOWN_BYTES },
} as const;

/** In a key: the size is unknown. SQLite sorts such files first. */
const UNKNOWN_BYTES = -1;

export type FileSort = keyof typeof SORTS;

export interface FileRecord extends FileSnapshot {
  readonly connectionId: string | null;
  readonly attachmentCount: number;
  readonly syncedAtMs: number | null;
  readonly missingSinceMs: number | null;
  /** Primary only: the key of its bytes in the blob store, and the media type its sender gave. */
  readonly sha256: string | null;
  readonly mimeType: string | null;
  /** Primary only: the upstream file whose parsed text this one is. */
  readonly adoptedFrom: string | null;
  /** Another tool than vector stores has the file, according to the last read from upstream. */
  readonly isUsedByTool: boolean;
}

export interface FileAttachment {
  readonly fileId: string;
  readonly storeId: string;
  readonly storeName: string | null;
  readonly status: string;
}

export interface FileKey {
  readonly value: string | number;
  readonly id: string;
}

export interface FileListInput {
  readonly tenantId: string;
  readonly connectionId: string | undefined;
  readonly purpose: string | undefined;
  readonly text: string | undefined;
  /** true: only orphans; false: only other files. */
  readonly isOrphan: boolean | undefined;
  /** A younger file may still be about to be attached. */
  readonly orphanCreatedBeforeS: number;
  /** Connections whose listings are complete: only there can a file be called an orphan. Absent: all. */
  readonly orphanConnectionIds?: readonly string[] | undefined;
  readonly sort: FileSort;
  readonly order: 'asc' | 'desc';
  readonly after: FileKey | undefined;
  readonly limit: number;
}

/** Whether a tool other than vector stores has the file of a table called f. */
const USED_BY_TOOL =
  'select 1 from tool_use u where u.tenant_id = f.tenant_id and u.connection_id = f.connection_id and u.file_id = f.id';

/** The columns that `toFileRecord` reads, of a table called f. */
export const FILE_COLUMNS = `f.id, f.connection_id, f.filename, f.bytes, f.purpose, f.status, f.created_at_s, f.expires_at_s, f.extra,
  f.attachment_count, f.synced_at_ms, f.missing_since_ms, f.sha256, f.mime_type, f.adopted_from,
  exists (${USED_BY_TOOL})`;

export type FileTuple = [
  id: string,
  connectionId: string | null,
  filename: string,
  bytes: number | null,
  purpose: string,
  status: string | null,
  createdAtS: number,
  expiresAtS: number | null,
  extra: string | null,
  attachmentCount: number,
  syncedAtMs: number | null,
  missingSinceMs: number | null,
  sha256: string | null,
  mimeType: string | null,
  adoptedFrom: string | null,
  isUsedByTool: 0 | 1,
];

/** Pages and counts files over all connections, and lists where each is attached. */
export function createFileListRepository({ statement }: Handle) {
  return {
    async list(input: FileListInput): Promise<{ rows: FileRecord[]; next: FileKey | null; total: number }> {
      const { sort, order, after, limit } = input;
      const { column, key } = SORTS[sort];
      const { where, values } = toWhere(input);
      const total = statement(`select count(*) from file f where ${where}`)
        .pluck()
        .get(...values) as number;
      const keyset = after === undefined ? NO_KEYSET : toKeyset(column, order, after);
      const tuples = statement(
        `select ${FILE_COLUMNS} from file f where ${where} ${keyset.term} order by ${column} ${order}, f.id ${order} limit ?`,
      )
        .raw()
        .all(...values, ...keyset.values, limit + 1) as FileTuple[];
      const rows = tuples.slice(0, limit).map(toFileRecord);
      const last = rows.at(-1);
      return {
        rows,
        next: tuples.length > limit && last !== undefined ? { value: key(last), id: last.id } : null,
        total,
      };
    },
    async find(tenantId: string, id: string): Promise<FileRecord | undefined> {
      const tuple = statement(`select ${FILE_COLUMNS} from file f where f.tenant_id = ? and f.id = ?`)
        .raw()
        .get(tenantId, id) as FileTuple | undefined;
      return tuple === undefined ? undefined : toFileRecord(tuple);
    },
    /** The first stores that each of these files is attached to. */
    async listAttachments(tenantId: string, fileIds: readonly string[], perFileMax: number): Promise<FileAttachment[]> {
      // Without the hint, SQLite reads every attachment of the tenant for each file.
      const list = statement(
        `select a.file_id, a.store_id, s.name, a.status from attachment a indexed by attachment_by_file
           left join vector_store s on s.tenant_id = a.tenant_id and s.id = a.store_id
          where a.tenant_id = ? and a.file_id = ? order by a.store_id limit ?`,
      ).raw();
      return fileIds.flatMap((fileId) =>
        (list.all(tenantId, fileId, perFileMax) as [string, string, string | null, string][]).map(
          ([id, storeId, storeName, status]) => ({ fileId: id, storeId, storeName, status }),
        ),
      );
    },
    /** The number and bytes of orphans. */
    async orphanTotals(
      tenantId: string,
      createdBeforeS: number,
      connectionIds?: readonly string[],
    ): Promise<{ count: number; sizeBytes: number }> {
      const orphan = toOrphan(createdBeforeS, connectionIds);
      const [count, sizeBytes] = statement(
        `select count(*), coalesce(sum(f.bytes), 0) from file f where f.tenant_id = ? and ${orphan.term}`,
      )
        .raw()
        .get(tenantId, ...orphan.values) as [number, number];
      return { count, sizeBytes };
    },
    async count(tenantId: string): Promise<number> {
      return statement('select count(*) from file where tenant_id = ?').pluck().get(tenantId) as number;
    },
  };
}

interface Keyset {
  readonly term: string;
  readonly values: readonly (string | number)[];
}
const NO_KEYSET: Keyset = { term: '', values: [] };

/**
 * The rows after a key. A comparison with an unknown size is never true, so those have a term of their own; an index
 * serves all.
 */
function toKeyset(column: string, order: 'asc' | 'desc', { value, id }: FileKey): Keyset {
  const sign = order === 'asc' ? '>' : '<';
  const behind = `(${column}, f.id) ${sign} (?, ?)`;
  if (column !== SORTS.bytes.column) return { term: `and ${behind}`, values: [value, id] };
  if (value === UNKNOWN_BYTES) {
    const others = order === 'asc' ? ' or f.bytes is not null' : '';
    return { term: `and ((f.bytes is null and f.id ${sign} ?)${others})`, values: [id] };
  }
  return { term: order === 'asc' ? `and ${behind}` : `and (${behind} or f.bytes is null)`, values: [value, id] };
}

function toWhere(input: FileListInput): { where: string; values: (string | number)[] } {
  const terms = ['f.tenant_id = ?'];
  const values: (string | number)[] = [input.tenantId];
  if (input.connectionId !== undefined) {
    terms.push('f.connection_id = ?');
    values.push(input.connectionId);
  }
  if (input.purpose !== undefined) {
    terms.push('f.purpose = ?');
    values.push(input.purpose);
  }
  if (input.isOrphan !== undefined) {
    const orphan = toOrphan(input.orphanCreatedBeforeS, input.orphanConnectionIds);
    terms.push(input.isOrphan ? orphan.term : `not (${orphan.term})`);
    values.push(...orphan.values);
  }
  const text = searchKey(input.text?.trim() ?? '');
  if (text !== '') {
    terms.push('instr(f.search_text, ?) > 0');
    values.push(text);
  }
  return { where: terms.join(' and '), values };
}

function toOrphan(createdBeforeS: number, connectionIds: readonly string[] | undefined) {
  const term = `f.purpose = ? and f.attachment_count = 0 and f.created_at_s < ? and f.missing_since_ms is null and not exists (${USED_BY_TOOL})`;
  const values: (string | number)[] = [ORPHAN_PURPOSE, createdBeforeS];
  if (connectionIds === undefined) return { term, values };
  return {
    // Primary files have no listing to wait for.
    term: `${term} and (f.connection_id is null or f.connection_id in (select value from json_each(?)))`,
    values: [...values, JSON.stringify(connectionIds)],
  };
}

export function toFileRecord(tuple: FileTuple): FileRecord {
  const [
    id,
    connectionId,
    filename,
    bytes,
    purpose,
    status,
    createdAt,
    expiresAt,
    extra,
    attachmentCount,
    syncedAtMs,
    missingSinceMs,
    sha256,
    mimeType,
    adoptedFrom,
    isUsedByTool,
  ] = tuple;
  return {
    id,
    connectionId,
    filename,
    bytes,
    purpose,
    status,
    createdAt,
    expiresAt,
    extra: fromJson(extra),
    attachmentCount,
    syncedAtMs,
    missingSinceMs,
    sha256,
    mimeType,
    adoptedFrom,
    isUsedByTool: isUsedByTool === 1,
  };
}
