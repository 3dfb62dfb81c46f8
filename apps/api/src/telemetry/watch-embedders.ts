import type { Embedder } from '@espejo/retrieval';
import type { Embedders } from '../services/store-index/embedders.ts';
import { type Observer, observeEmbedder } from './observe-adapters.ts';

/** Embedders whose calls are traced and timed, and which report whether the last one failed. */
export function watchEmbedders(
  { current, currentRecord, make }: Embedders,
  observer: Observer,
): { readonly embedders: Embedders; readonly fault: () => string | null } {
  let hasFailed = false;

  function watch(embedder: Embedder): Embedder {
    const observed = observeEmbedder(embedder, observer);
    return {
      model: observed.model,
      async embed(texts, options) {
        try {
          const vectors = await observed.embed(texts, options);
          hasFailed = false;
          return vectors;
        } catch (cause) {
          // Aborted by the caller: that says nothing about the endpoint.
          if (options.signal?.aborted !== true) hasFailed = true;
          throw cause;
        }
      },
    };
  }

  return {
    embedders: {
      current: watch(current),
      currentRecord,
      make(record) {
        const made = make(record);
        return made && watch(made);
      },
    },
    fault: () => (hasFailed ? 'Embeddings could not be made at the last attempt.' : null),
  };
}
