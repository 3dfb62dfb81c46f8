import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot } from '@espejo/core';

const CREATED_AT = 1_758_064_040;

/** An empty store as upstream lists it; tests override fields. */
export function storeSnapshot(fields: Partial<StoreSnapshot> & { readonly id: string }): StoreSnapshot {
  return {
    name: null,
    description: null,
    status: 'completed',
    fileCounts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
    usageBytes: 0,
    metadata: {},
    expiresAfter: null,
    expiresAt: null,
    lastActiveAt: CREATED_AT,
    createdAt: CREATED_AT,
    extra: null,
    ...fields,
  };
}

/** An attachment as upstream lists an indexed file. */
export function attachmentSnapshot(
  fields: Partial<AttachmentSnapshot> & { readonly fileId: string },
): AttachmentSnapshot {
  return {
    status: 'completed',
    usageBytes: 1045,
    createdAt: CREATED_AT,
    lastError: null,
    chunkingStrategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
    attributes: {},
    extra: null,
    ...fields,
  };
}

/** A file as upstream lists a freshly uploaded one. */
export function fileSnapshot(fields: Partial<FileSnapshot> & { readonly id: string }): FileSnapshot {
  return {
    filename: `${fields.id}.txt`,
    bytes: 21,
    purpose: 'assistants',
    status: 'processed',
    createdAt: CREATED_AT,
    expiresAt: null,
    extra: null,
    ...fields,
  };
}
