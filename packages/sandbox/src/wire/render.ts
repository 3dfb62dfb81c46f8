import type {
  AttachmentRow,
  BatchRow,
  Chunking,
  FileCounts,
  FileRow,
  StoreRow,
  UploadRow,
  UploadStatus,
} from '../state/rows.ts';
import { storeExpiresAt, totalCount } from '../state/rows.ts';

/*
 * Rows are rendered directly to JSON text, in the recorded key order. Clients measure lists of thousands of rows;
 * building objects to stringify them would cost more than everything else.
 */

/** A vector store in a response: every field present, null where unset. */
export function renderStore(store: StoreRow): string {
  const isInProgress = store.counts.in_progress > 0;
  const status = store.isExpired ? 'expired' : isInProgress ? 'in_progress' : 'completed';
  const expiresAfter =
    store.expiresAfterDays === null ? 'null' : `{"anchor":"last_active_at","days":${store.expiresAfterDays}}`;
  return (
    `{"id":"${store.id}","object":"vector_store","created_at":${store.createdAt},"name":${quoted(store.name)},` +
    `"description":${quoted(store.description)},"usage_bytes":${store.usageBytes},` +
    `"file_counts":${renderCounts(store.counts)},"status":"${status}","expires_after":${expiresAfter},` +
    `"expires_at":${storeExpiresAt(store)},"last_active_at":${store.lastActiveAt},` +
    `"metadata":${JSON.stringify(store.metadata)}}`
  );
}

/** A file of a store in a response. */
export function renderAttachment(storeId: string, attachment: AttachmentRow): string {
  const lastError = attachment.lastError === null ? 'null' : JSON.stringify(attachment.lastError);
  return (
    `{"id":"${attachment.id}","object":"vector_store.file","usage_bytes":${attachment.usageBytes},` +
    `"created_at":${attachment.createdAt},"vector_store_id":"${storeId}","status":"${attachment.status}",` +
    `"last_error":${lastError},"chunking_strategy":${renderChunking(attachment.chunking)},` +
    `"attributes":${JSON.stringify(attachment.attributes)}}`
  );
}

/** A file of the project in a response. */
export function renderFile(file: FileRow): string {
  return (
    `{"object":"file","id":"${file.id}","purpose":${JSON.stringify(file.purpose)},"filename":${JSON.stringify(file.filename)},` +
    `"bytes":${file.bytes},"created_at":${file.createdAt},"expires_at":${file.expiresAt},` +
    '"status":"processed","status_details":null}'
  );
}

/** A file batch. Its `object` differs from the published schema, as recorded. */
export function renderBatch(batch: BatchRow, counts: FileCounts): string {
  const status = batch.isCancelled ? 'cancelled' : counts.in_progress > 0 ? 'in_progress' : 'completed';
  return (
    `{"id":"${batch.id}","object":"vector_store.file_batch","created_at":${batch.createdAt},"status":"${status}",` +
    `"vector_store_id":"${batch.storeId}","file_counts":${renderCounts(counts)}}`
  );
}

/** An upload; its `file` is absent until it is complete. */
export function renderUpload(upload: UploadRow, status: UploadStatus): string {
  const file = upload.file === null ? '' : `,"file":${renderFile(upload.file)}`;
  return (
    `{"id":"${upload.id}","object":"upload","bytes":${upload.bytes},"created_at":${upload.createdAt},` +
    `"filename":${JSON.stringify(upload.filename)},"purpose":${JSON.stringify(upload.purpose)},"status":"${status}",` +
    `"expires_at":${upload.expiresAt}${file}}`
  );
}

/** The list envelope: `has_more` exact, cursors null when the page is empty. */
export function renderList<T extends { readonly id: string }>(
  page: { readonly rows: readonly T[]; readonly hasMore: boolean },
  renderRow: (row: T) => string,
): string {
  let data = '';
  for (const row of page.rows) data += data === '' ? renderRow(row) : `,${renderRow(row)}`;
  const firstId = quoted(page.rows[0]?.id ?? null);
  const lastId = quoted(page.rows.at(-1)?.id ?? null);
  return `{"object":"list","data":[${data}],"first_id":${firstId},"last_id":${lastId},"has_more":${page.hasMore}}`;
}

function renderCounts(counts: FileCounts): string {
  return (
    `{"in_progress":${counts.in_progress},"completed":${counts.completed},"failed":${counts.failed},` +
    `"cancelled":${counts.cancelled},"total":${totalCount(counts)}}`
  );
}

function renderChunking(chunking: Chunking): string {
  if (chunking.type === 'other') return '{"type":"other"}';
  return (
    `{"type":"static","static":{"max_chunk_size_tokens":${chunking.maxTokens},` +
    `"chunk_overlap_tokens":${chunking.overlapTokens}}}`
  );
}

function quoted(text: string | null): string {
  return text === null ? 'null' : JSON.stringify(text);
}
