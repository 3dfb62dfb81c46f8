import { createRequire } from 'node:module';
import type { Index } from 'usearch';

/** Neighbours of a node, and the breadth of the search when a node is added and when the graph is searched. */
const SHAPE = { connectivity: 16, expansion_add: 128, expansion_search: 96, multi: false } as const;

const require = createRequire(import.meta.url);
let usearch: typeof import('usearch') | null | undefined;

/** The library; null if it has no build for this platform: then every search is exact. */
export function loadUsearch(): typeof import('usearch') | null {
  if (usearch !== undefined) return usearch;
  try {
    usearch = require('usearch') as typeof import('usearch');
  } catch {
    usearch = null;
  }
  return usearch;
}

/** An empty graph; null if the library is not available. */
export function createGraph(dimensions: number): Index | null {
  const library = loadUsearch();
  if (library === null) return null;
  const { Index, MetricKind, ScalarKind } = library;
  // Half floats: half the memory, and three digits of a cosine.
  return new Index({ dimensions, metric: MetricKind.IP, quantization: ScalarKind.F16, ...SHAPE });
}
