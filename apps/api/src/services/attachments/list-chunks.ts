import { AppError } from '@espejo/core';
import type { AttachmentRecord, VectorStoreRecord } from '@espejo/db';
import type { Chunk } from '@espejo/retrieval';
import type { PrimaryContext } from '../context/app-context.ts';
import { assertServable } from '../lookup/assert-servable.ts';
import { findAttachment } from '../lookup/find-attachment.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { openStoreIndex } from '../store-index/embedders.ts';
import { storeKey } from '../store-index/store-key.ts';

type ChunkDeps = Pick<PrimaryContext, 'db' | 'clock' | 'index' | 'embedders'>;

/** The chunks of a file in a primary store, in reading order; `after` is an ordinal. */
export async function listChunks(
  deps: ChunkDeps,
  input: { tenantId: string; storeId: string; fileId: string; after: number | null; limit: number },
): Promise<{ attachment: AttachmentRecord; chunks: Chunk[]; totalCount: number }> {
  const { tenantId, storeId, fileId, after, limit } = input;
  const attachment = await findReadable(deps, await findVectorStore(deps, tenantId, storeId), fileId);
  await openStoreIndex(deps, { tenantId, storeId });
  return { attachment, ...(await deps.index.listChunks(storeKey(tenantId, storeId), fileId, { after, limit })) };
}

/** An attachment of a primary store whose content can be read. Throws `attachment_not_ready`. */
export async function findReadable(
  deps: ChunkDeps,
  store: VectorStoreRecord,
  fileId: string,
): Promise<AttachmentRecord> {
  assertServable(store, deps.clock.nowMs());
  const { tenantId, id: storeId } = store;
  const attachment = await findAttachment(deps.db.read, { tenantId, storeId, fileId });
  if (store.source === 'cache') {
    throw new AppError(
      'file_content_unavailable',
      `Vector store '${storeId}' is a mirror: its chunks are at OpenAI. Its parsed text can be read there.`,
    );
  }
  if (attachment.status !== 'completed') {
    throw new AppError(
      'attachment_not_ready',
      `File '${fileId}' in vector store '${storeId}' is ${attachment.status}, so it has no content to show.`,
      { details: { status: attachment.status, lastError: attachment.lastError } },
    );
  }
  return attachment;
}
