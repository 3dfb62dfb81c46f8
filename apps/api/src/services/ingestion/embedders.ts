import { AppError } from '@espejo/core';
import type { Database, EmbeddingModelRecord, Repositories } from '@espejo/db';
import type { Embedder, VectorIndex } from '@espejo/retrieval';

/** The ways of making vectors at hand. */
export interface Embedders {
  /** What new stores are made with, and every other store sooner or later. */
  readonly current: Embedder;
  /** As it is kept beside the stores made with it. */
  readonly currentRecord: EmbeddingModelRecord;
  /** One that a store was made with before; undefined when it cannot be had with today's settings. */
  make(model: EmbeddingModelRecord): Embedder | undefined;
}

interface EmbedderDeps {
  readonly db: Database;
  readonly embedders: Embedders;
  readonly index: VectorIndex;
}

/** Records what a new store is made with, in the transaction that makes it. */
export async function adoptCurrentModel(
  tx: Repositories,
  { currentRecord }: Embedders,
  tenantId: string,
  storeId: string,
): Promise<void> {
  await tx.embeddingModels.put(tenantId, currentRecord);
  await tx.embeddingModels.setOfStore(tenantId, storeId, currentRecord.fingerprint);
}

/**
 * Opens a store's index and answers the embedder whose vectors it holds: what text must be embedded with, to be put into
 * it or searched for in it. Throws `embeddings_unavailable` when that one cannot be had any more; the store is being
 * re-embedded then.
 */
export async function openStoreIndex(
  deps: EmbedderDeps,
  input: { readonly tenantId: string; readonly storeId: string },
): Promise<Embedder> {
  const { tenantId, storeId } = input;
  const { current } = deps.embedders;
  const recorded = await deps.db.read.embeddingModels.ofStore(tenantId, storeId);
  if (recorded === null) {
    await deps.db.transaction((tx) => adoptCurrentModel(tx, deps.embedders, tenantId, storeId));
  }
  if (recorded === null || recorded === current.model.fingerprint) {
    await deps.index.open(storeId, current.model);
    return current;
  }
  // The index is the truth: a process that was killed between changing it and saying so left the record behind.
  const { fingerprint } = await deps.index.stats(storeId);
  if (fingerprint === current.model.fingerprint) {
    await deps.db.transaction((tx) => adoptCurrentModel(tx, deps.embedders, tenantId, storeId));
    return current;
  }
  const model = await deps.db.read.embeddingModels.find(tenantId, fingerprint);
  const embedder = model === undefined ? undefined : deps.embedders.make(model);
  if (embedder?.model.fingerprint !== fingerprint) {
    throw new AppError(
      'embeddings_unavailable',
      `Vector store '${storeId}' was made with another embedding model, which cannot be reached with the present settings. It is being re-embedded.`,
      { details: { model: model?.name ?? null } },
    );
  }
  return embedder;
}
