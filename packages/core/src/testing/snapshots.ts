import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot } from '../reconcile/snapshot.ts';

const CREATED_AT = 1_758_064_040;

export function storeSnapshot(fields: Partial<StoreSnapshot> = {}): StoreSnapshot {
  return {
    id: 'vs_1',
    name: 'Handbook',
    description: null,
    status: 'completed',
    fileCounts: { in_progress: 0, completed: 2, failed: 0, cancelled: 0, total: 2 },
    usageBytes: 2090,
    metadata: {},
    expiresAfter: null,
    expiresAt: null,
    lastActiveAt: CREATED_AT,
    createdAt: CREATED_AT,
    extra: null,
    ...fields,
  };
}

export function attachmentSnapshot(fields: Partial<AttachmentSnapshot> = {}): AttachmentSnapshot {
  return {
    fileId: 'file-1',
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

export function fileSnapshot(fields: Partial<FileSnapshot> = {}): FileSnapshot {
  return {
    id: 'file-1',
    filename: 'a.md',
    bytes: 21,
    purpose: 'assistants',
    status: 'processed',
    createdAt: CREATED_AT,
    expiresAt: null,
    extra: null,
    ...fields,
  };
}
