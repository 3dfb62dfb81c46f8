import type { FileDetail, StoreFile, VectorStoreDetail } from '@espejo/contracts';

type Wire = Readonly<Record<string, unknown>>;

const STORE_FIELDS = new Set([
  ...['id', 'object', 'created_at', 'name', 'description', 'usage_bytes', 'file_counts', 'status', 'expires_after'],
  ...['expires_at', 'last_active_at', 'metadata'],
]);
const ATTACHMENT_FIELDS = new Set([
  ...[
    'id',
    'object',
    'created_at',
    'vector_store_id',
    'status',
    'usage_bytes',
    'last_error',
    'chunking_strategy',
    'attributes',
  ],
]);
const FILE_FIELDS = new Set(['id', 'object', 'filename', 'bytes', 'purpose', 'status', 'created_at', 'expires_at']);

/** The expected console API view of an upstream store: same values, absent as null, unknown fields unchanged. */
export function expectedStore(row: Wire): Partial<VectorStoreDetail> & Wire {
  return {
    id: row.id,
    source: 'cache',
    backend: 'openai',
    name: row.name ?? null,
    description: row.description ?? null,
    status: row.status,
    fileCounts: row.file_counts,
    usageBytes: row.usage_bytes,
    metadata: row.metadata ?? null,
    expiresAfter: row.expires_after ?? null,
    expiresAt: row.expires_at ?? null,
    lastActiveAt: row.last_active_at ?? null,
    createdAt: row.created_at,
    missingSince: null,
    extra: extraOf(row, STORE_FIELDS),
  } as Partial<VectorStoreDetail> & Wire;
}

/** The same for a file in a store; `file` is its row in the project's list, if any. */
export function expectedStoreFile(storeId: string, row: Wire, file: Wire | undefined): StoreFile {
  return {
    id: row.id,
    vectorStoreId: storeId,
    filename: file?.filename ?? null,
    bytes: file?.bytes ?? null,
    purpose: file?.purpose ?? null,
    status: row.status,
    usageBytes: row.usage_bytes ?? null,
    createdAt: row.created_at,
    lastError: row.last_error ?? null,
    chunkingStrategy: row.chunking_strategy ?? null,
    attributes: row.attributes ?? null,
    gaps: null,
    isGhost: file === undefined,
    missingSince: null,
    extra: extraOf(row, ATTACHMENT_FIELDS),
  } as StoreFile;
}

/** The same for a file of the project. */
export function expectedFile(row: Wire): Partial<FileDetail> & Wire {
  return {
    id: row.id,
    source: 'cache',
    filename: row.filename,
    bytes: row.bytes ?? null,
    purpose: row.purpose,
    status: row.status ?? null,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? null,
    missingSince: null,
    extra: extraOf(row, FILE_FIELDS),
  } as Partial<FileDetail> & Wire;
}

function extraOf(row: Wire, known: ReadonlySet<string>): Wire | null {
  // `status_details` is deprecated and always null.
  const entries = Object.entries(row).filter(
    ([key, value]) => !known.has(key) && !(key === 'status_details' && value === null),
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
