import { AppError } from '@espejo/core';
import type { Database, EmbeddingModelRecord, Repositories } from '@espejo/db';
import type { Embedder } from '@espejo/retrieval';
import { type StoreIndex, storeKey } from './store-key.ts';

/** The ways of making vectors at hand. */
export interface Embedders {
  /** What new stores are made with, and every other store sooner or later. */
  readonly current: Embedder;
  /** As it is kept beside the stores made with it. */
  readonly currentRecord: EmbeddingModelRecord;
  /** One that a store was made with before; undefined when it cannot be had with today's settings. */
  make(model: EmbeddingModelRecord): Embedder | undefined;
}

/** A store's vectors were made with a model that cannot be had any more; it is being re-embedded. */
export class StoreStale extends AppError {
  constructor(storeId: string, model: string) {
    super(
      'embeddings_unavailable',
      `Vector store '${storeId}' was made with the embedding model '${model}', which cannot be reached with the present settings. It is being re-embedded.`,
      { details: { model } },
    );
  }
}

interface EmbedderDeps {
  readonly db: Database;
  readonly embedders: Embedders;
  readonly index: StoreIndex;
}

/** Records what a store is made with from now on, in the caller's transaction. */
export async function adoptCurrentModel(
  tx: Repositories,
  { currentRecord }: Embedders,
  tenantId: string,
  storeId: string,
): Promise<void> {
  await tx.embeddingModels.put(tenantId, currentRecord);
  await tx.embeddingModels.setOfStore(tenantId, storeId, currentRecord.fingerprint);
}

/** Opens a store's index as it was made, making it when it is not there; answers what it was made with. */
export async function openAsMade(
  deps: EmbedderDeps,
  { tenantId, storeId }: { readonly tenantId: string; readonly storeId: string },
): Promise<EmbeddingModelRecord> {
  const { currentRecord } = deps.embedders;
  const { read } = deps.db;
  const key = storeKey(tenantId, storeId);
  const recorded = await read.embeddingModels.ofStore(tenantId, storeId);
  const made = recorded === null ? undefined : await read.embeddingModels.find(tenantId, recorded);
  if (made !== undefined && made.fingerprint !== currentRecord.fingerprint) {
    try {
      await deps.index.open(key, made);
      return made;
    } catch (cause) {
      // A process that was killed between re-embedding the store and saying so left the record behind.
      await deps.index.open(key, currentRecord).catch(() => {
        throw cause;
      });
    }
  } else {
    await deps.index.open(key, currentRecord);
  }
  if (recorded !== currentRecord.fingerprint) {
    await deps.db.transaction((tx) => adoptCurrentModel(tx, deps.embedders, tenantId, storeId));
  }
  return currentRecord;
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
  const { current } = deps.embedders;
  const made = await openAsMade(deps, input);
  if (made.fingerprint === current.model.fingerprint) return current;
  const embedder = deps.embedders.make(made);
  if (embedder?.model.fingerprint !== made.fingerprint) {
    throw new StoreStale(input.storeId, made.name);
  }
  return embedder;
}
