import type { Attributes } from '@espejo/core';

interface FoundChunk {
  readonly fileId: string;
  readonly filename: string;
  readonly attributes: Attributes;
  readonly score: number;
}

/** One result in OpenAI's form: a file, with the chunks of it that were found, best first. */
export interface FileResult<C extends FoundChunk> {
  readonly fileId: string;
  readonly filename: string;
  readonly attributes: Attributes;
  /** Of the best chunk. */
  readonly score: number;
  readonly chunks: readonly C[];
}

export interface GroupOptions {
  /** Results wanted: files. */
  readonly limit: number;
  /** Chunks below it are left out. */
  readonly scoreThreshold: number;
  readonly chunksPerFileMax: number;
}

/** Groups chunks, best first, by their files; files keep the order of their best chunks. */
export function groupByFile<C extends FoundChunk>(hits: readonly C[], options: GroupOptions): FileResult<C>[] {
  const chunksOf = new Map<string, C[]>();
  for (const hit of hits) {
    // NaN is below every threshold.
    if (!(hit.score >= options.scoreThreshold)) continue;
    const chunks = chunksOf.get(hit.fileId);
    if (chunks === undefined) chunksOf.set(hit.fileId, [hit]);
    else if (chunks.length < options.chunksPerFileMax) chunks.push(hit);
  }
  const results: FileResult<C>[] = [];
  for (const chunks of chunksOf.values()) {
    const [best] = chunks;
    if (best === undefined || results.length >= options.limit) continue;
    const { fileId, filename, attributes, score } = best;
    results.push({ fileId, filename, attributes, score, chunks });
  }
  return results;
}
