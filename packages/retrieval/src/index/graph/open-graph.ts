import type { Meta } from '../store/schema.ts';
import { listGraphs } from '../store/store-files.ts';
import { checkGraph, fitsHeader, type GraphHeader } from './graph-file.ts';
import { createGraph } from './usearch.ts';

/** A graph on disk, mapped into memory. */
export interface Graph {
  readonly header: GraphHeader;
  /** The nearest rows, best first, including deleted ones. Fewer only when there are no more. */
  nearest(query: Float32Array, limit: number): { id: number; score: number }[];
}

/** The newest complete graph of a store that fits its rows; null: there is none, or none can be read here. */
export function openGraph(folder: string, storeId: string, meta: Meta): Graph | null {
  for (const { path } of listGraphs(folder, storeId)) {
    const header = checkGraph(path);
    if (header === null || !fitsHeader(header, meta)) continue;
    const graph = createGraph(header.dimensions);
    if (graph === null) return null;
    try {
      graph.view(path);
    } catch {
      continue;
    }
    if (graph.size() !== header.rowCount) continue;
    return {
      header,
      nearest(query, limit) {
        const { keys, distances } = graph.search(query, Math.min(limit, header.rowCount), 1);
        const found: { id: number; score: number }[] = [];
        for (const [index, key] of keys.entries()) {
          const score = 1 - (distances[index] ?? Number.NaN);
          if (!Number.isNaN(score)) found.push({ id: Number(key), score });
        }
        return found;
      },
    };
  }
  return null;
}
