import type { IndexHit } from '@espejo/retrieval';
import type { SearchResult } from './search-vector-store.ts';

/** Chunks of one file as one result, in the order of each file's best chunk; within a file the best comes first. */
export function groupHits(hits: readonly IndexHit[]): SearchResult[] {
  const byFile = Map.groupBy(hits, (hit) => hit.fileId);
  return [...byFile.values()].flatMap((chunks) => {
    const [best] = chunks;
    if (best === undefined) return [];
    const { fileId, filename, score, attributes } = best;
    return [{ fileId, filename, score, attributes, texts: chunks.map((chunk) => chunk.text), chunks }];
  });
}
