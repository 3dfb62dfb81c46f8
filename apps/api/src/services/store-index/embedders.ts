import { AppError } from '@espejo/core';
import type { Database, EmbeddingModelRecord, Repositories } from '@espejo/db';
import type { Embedder } from '@espejo/retrieval';
import { type StoreIndex, storeKey } from './store-key.ts';

/** The available embedders. */
export interface Embedders {
  /** The model of new stores, and in time of every other store. */
  readonly current: Embedder;
  /** The form stored with the stores made with it. */
  readonly currentRecord: EmbeddingModelRecord;
  /** An embedder of an older model; undefined when the present settings cannot provide it. */
  make(model: EmbeddingModelRecord): Embedder | undefined;
}

/** A store's vectors were made with a model that is no longer available; it is being reembedded. */
export class StoreStale extends AppError {
  constructor(storeId: string, model: string) {
    super(
      'embeddings_unavailable',
      `Vector store '${storeId}' was made with the embedding model '${model}', which is not available with the present settings. It is being reembedded.`,
      { details: { model } },
    );
  }
}

interface EmbedderDeps {
  readonly db: Database;
  readonly embedders: Embedders;
  readonly index: StoreIndex;
}

/** Records the model of a store from now on, in the caller's transaction. */
export async function adoptCurrentModel(
  tx: Repositories,
  { currentRecord }: Embedders,
  tenantId: string,
  storeId: string,
): Promise<void> {
  await tx.embeddingModels.put(tenantId, currentRecord);
  await tx.embeddingModels.setOfStore(tenantId, storeId, currentRecord.fingerprint);
}

/** Opens a store's index, and creates it when it does not exist; returns the model of its vectors. */
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
      // A process that was killed between reembedding the store and recording it left the old row behind.
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
 * Opens a store's index and returns the embedder of its vectors, which text must be embedded with before it is added or
 * searched for. Throws `embeddings_unavailable` when that embedder is no longer available; the store is being
 * reembedded then.
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
