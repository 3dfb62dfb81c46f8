import type { AttachmentRecord } from '@espejo/db';
import type { PrimaryContext } from '../context/app-context.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { openStoreIndex } from '../store-index/embedders.ts';
import { storeKey } from '../store-index/store-key.ts';
import { findReadable } from './list-chunks.ts';

const PAGE = 500;

/** The parsed text of a file in a primary store, joined from its chunks without their overlaps. */
export async function listContent(
  deps: Pick<PrimaryContext, 'db' | 'clock' | 'index' | 'embedders'>,
  input: { tenantId: string; storeId: string; fileId: string },
): Promise<{ attachment: AttachmentRecord; texts: string[] }> {
  const { tenantId, storeId, fileId } = input;
  const attachment = await findReadable(deps, await findVectorStore(deps, tenantId, storeId), fileId);
  await openStoreIndex(deps, { tenantId, storeId });
  const texts: string[] = [];
  let toldUntil = 0;
  for (let after: number | null = null; ; ) {
    const { chunks } = await deps.index.listChunks(storeKey(tenantId, storeId), fileId, { after, limit: PAGE });
    for (const chunk of chunks) {
      const overlap = Math.max(0, toldUntil - chunk.startOffset);
      if (overlap < chunk.text.length) texts.push(chunk.text.slice(overlap));
      toldUntil = Math.max(toldUntil, chunk.endOffset);
      after = chunk.ordinal;
    }
    if (chunks.length < PAGE) return { attachment, texts };
  }
}
