import { EXPIRED, expiryState } from '@espejo/core';
import type { AttachmentRecord, FileBatchRecord, FileRecord, UploadRow, VectorStoreRecord } from '@espejo/db';

/*
 * Rows in the real API's form, every field present and null where unset. Fields of a mirror that this version does not
 * know are passed through.
 */

/** A vector store. `source` is the one field that is not OpenAI's. */
export function renderStore(store: VectorStoreRecord, nowS: number) {
  const { status, expiresAt: expiresAtS, source } = store;
  const isExpired = expiryState({ status, expiresAtS, isPrimary: source === 'primary' }, nowS, 0) === EXPIRED;
  return {
    ...store.extra,
    id: store.id,
    object: 'vector_store',
    created_at: store.createdAt,
    name: store.name,
    description: store.description,
    usage_bytes: store.usageBytes,
    file_counts: store.fileCounts,
    status: isExpired ? EXPIRED : status,
    expires_after: expiresAfter(store),
    expires_at: expiresAtS,
    last_active_at: store.lastActiveAt,
    metadata: store.metadata ?? {},
    source,
  };
}

/** A policy that OpenAI's form cannot express shows only as `expires_at`. */
function expiresAfter({ source, expiresAfter, expiryPolicy }: VectorStoreRecord) {
  if (source === 'cache') return expiresAfter;
  return expiryPolicy?.kind === 'after_last_active' ? { anchor: 'last_active_at', days: expiryPolicy.days } : null;
}

/** An attachment ("vector store file"). */
export function renderAttachment(row: AttachmentRecord) {
  return {
    ...row.extra,
    id: row.fileId,
    object: 'vector_store.file',
    usage_bytes: row.usageBytes ?? 0,
    created_at: row.createdAt,
    vector_store_id: row.storeId,
    status: row.status,
    last_error: row.lastError,
    chunking_strategy: row.chunkingStrategy ?? { type: 'other' },
    attributes: row.attributes ?? {},
  };
}

export function renderFile(file: FileRecord) {
  return {
    ...file.extra,
    object: 'file',
    id: file.id,
    purpose: file.purpose,
    filename: file.filename,
    bytes: file.bytes,
    created_at: file.createdAt,
    expires_at: file.expiresAt,
    status: file.status ?? 'processed',
    status_details: null,
  };
}

/** A batch. Its `object` differs from the published schema, as in the real API. */
export function renderBatch(batch: FileBatchRecord) {
  return {
    id: batch.id,
    object: 'vector_store.file_batch',
    created_at: batch.createdAt,
    status: batch.status,
    vector_store_id: batch.storeId,
    file_counts: batch.fileCounts,
  };
}

/** An upload; its `file` is absent until it is complete. */
export function renderUpload(upload: UploadRow, file?: FileRecord) {
  return {
    id: upload.id,
    object: 'upload',
    bytes: upload.sizeBytes,
    created_at: upload.createdAtS,
    filename: upload.filename,
    purpose: upload.purpose,
    status: upload.status,
    expires_at: upload.expiresAtS,
    ...(file && { file: renderFile(file) }),
  };
}

/** The list envelope: `has_more` exact, cursors null when the page is empty. */
export function renderList<T extends { readonly id: string }>(data: readonly T[], hasMore: boolean) {
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    // A page without rows has no cursor to continue from: `has_more` would make a client loop for ever.
    has_more: hasMore && data.length > 0,
  };
}

/** The single page of a text or of search results. */
export function renderPage<T extends object>(object: string, fields: T) {
  return { object, ...fields, has_more: false, next_page: null };
}
