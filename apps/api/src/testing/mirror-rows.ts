import type { ProjectSnapshot, WireObject } from '@espejo/sandbox';
import Sqlite from 'better-sqlite3';

type Row = Readonly<Record<string, unknown>>;

/**
 * One project in the form of the wire: what a mirror must contain, field by field. Attachments are keyed by
 * `store/file`.
 */
export interface ProjectRows {
  readonly stores: Readonly<Record<string, Row>>;
  readonly attachments: Readonly<Record<string, Row>>;
  readonly files: Readonly<Record<string, Row>>;
}

/** Ids with one kind of mark, sorted. */
export interface MarkedIds {
  readonly stores: readonly string[];
  readonly attachments: readonly string[];
  readonly files: readonly string[];
}

export const NOTHING_MARKED: MarkedIds = { stores: [], attachments: [], files: [] };

/** Tables with upstream's data. */
const MIRRORED_TABLES = ['vector_store', 'attachment', 'file'] as const;

/**
 * The mirror of one connection in the database, in the form of the wire. Reads the database file directly: a bug in a
 * repository's read must not hide a bug in its write.
 */
export function mirrorRows(path: string, connectionId: string): ProjectRows {
  const stores = select(path, 'vector_store', connectionId).map((row) => ({
    id: row.id,
    object: 'vector_store',
    created_at: row.created_at_s,
    name: row.name,
    description: row.description,
    usage_bytes: row.usage_bytes,
    file_counts: {
      in_progress: row.files_in_progress,
      completed: row.files_completed,
      failed: row.files_failed,
      cancelled: row.files_cancelled,
      total: row.files_total,
    },
    status: row.status,
    expires_after: json(row.expires_after),
    expires_at: row.expires_at_s,
    last_active_at: row.last_active_at_s,
    metadata: json(row.metadata),
    ...extraOf(row),
  }));
  const attachments = select(path, 'attachment', connectionId).map((row) => ({
    id: row.file_id,
    object: 'vector_store.file',
    usage_bytes: row.usage_bytes,
    created_at: row.created_at_s,
    vector_store_id: row.store_id,
    status: row.status,
    last_error: json(row.last_error),
    chunking_strategy: json(row.chunking_strategy),
    attributes: json(row.attributes),
    ...extraOf(row),
  }));
  const files = select(path, 'file', connectionId).map((row) => ({
    object: 'file',
    id: row.id,
    purpose: row.purpose,
    filename: row.filename,
    bytes: row.bytes,
    created_at: row.created_at_s,
    expires_at: row.expires_at_s,
    status: row.status,
    status_details: null,
    ...extraOf(row),
  }));
  return {
    stores: keyed(stores, (row) => String(row.id)),
    attachments: keyed(attachments, (row) => `${row.vector_store_id}/${row.id}`),
    files: keyed(files, (row) => String(row.id)),
  };
}

/** The content of a sandbox project, in the same form. */
export function upstreamRows(snapshot: ProjectSnapshot): ProjectRows {
  return {
    stores: keyed(snapshot.stores, (row) => row.id),
    attachments: keyed<WireObject>(
      [...snapshot.attachments.values()].flat(),
      (row) => `${row.vector_store_id}/${row.id}`,
    ),
    files: keyed(snapshot.files, (row) => row.id),
  };
}

/** The missing marks of the mirror. */
export function missingIds(path: string, connectionId: string): MarkedIds {
  const isMissing = (row: Row) => row.missing_since_ms !== null;
  const ids = (table: (typeof MIRRORED_TABLES)[number], idOf: (row: Row) => string) =>
    select(path, table, connectionId).filter(isMissing).map(idOf).sort();
  return {
    stores: ids('vector_store', (row) => String(row.id)),
    attachments: ids('attachment', (row) => `${row.store_id}/${row.file_id}`),
    files: ids('file', (row) => String(row.id)),
  };
}

/** Every column of every mirrored row, and of the connections: equal dumps mean that nothing was written. */
export function dumpMirror(path: string): Readonly<Record<string, readonly Row[]>> {
  return withFile(path, (file) =>
    Object.fromEntries(
      [...MIRRORED_TABLES, 'connection'].map((table) => [
        table,
        file.prepare(`select * from "${table}"`).all() as Row[],
      ]),
    ),
  );
}

/** The expression's result on the database file, for values that no repository returns. */
export function selectAll(path: string, sql: string, ...values: readonly (string | number)[]): readonly Row[] {
  return withFile(path, (file) => file.prepare(sql).all(...values) as Row[]);
}

function select(path: string, table: (typeof MIRRORED_TABLES)[number], connectionId: string): readonly Row[] {
  return selectAll(path, `select * from "${table}" where connection_id = ?`, connectionId);
}

function withFile<T>(path: string, work: (file: Sqlite.Database) => T): T {
  // The same library as the database's own: two copies of SQLite in one process release each other's locks.
  const file = new Sqlite(path, { readonly: true });
  try {
    return work(file);
  } finally {
    file.close();
  }
}

function keyed<T extends Row>(rows: readonly T[], keyOf: (row: T) => string): Record<string, T> {
  return Object.fromEntries(rows.map((row) => [keyOf(row), row]));
}

function extraOf(row: Row): Row {
  const extra = json(row.extra);
  return typeof extra === 'object' && extra !== null ? (extra as Row) : {};
}

function json(text: unknown): unknown {
  return text === null ? null : JSON.parse(String(text));
}
