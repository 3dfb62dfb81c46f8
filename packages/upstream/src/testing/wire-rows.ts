import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot } from '@espejo/core';

/* Converts snapshots back to rows as upstream sends them: every field present, null where unset. */

export function storeRow(store: StoreSnapshot) {
  return {
    id: store.id,
    object: 'vector_store',
    created_at: store.createdAt,
    name: store.name,
    description: store.description,
    usage_bytes: store.usageBytes,
    file_counts: store.fileCounts,
    status: store.status,
    expires_after: store.expiresAfter,
    expires_at: store.expiresAt,
    last_active_at: store.lastActiveAt,
    metadata: store.metadata,
    ...store.extra,
  };
}

export function attachmentRow(attachment: AttachmentSnapshot, storeId: string) {
  return {
    id: attachment.fileId,
    object: 'vector_store.file',
    ...(attachment.usageBytes === null ? {} : { usage_bytes: attachment.usageBytes }),
    created_at: attachment.createdAt,
    vector_store_id: storeId,
    status: attachment.status,
    last_error: attachment.lastError,
    chunking_strategy: attachment.chunkingStrategy,
    attributes: attachment.attributes,
    ...attachment.extra,
  };
}

export function fileRow(file: FileSnapshot) {
  return {
    object: 'file',
    id: file.id,
    purpose: file.purpose,
    filename: file.filename,
    bytes: file.bytes,
    created_at: file.createdAt,
    expires_at: file.expiresAt,
    status: file.status,
    status_details: null,
    ...file.extra,
  };
}
