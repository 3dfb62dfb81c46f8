import type { QueryTerm } from '../../search/query-terms.ts';
import type { WordScorer } from '../../search/word-score.ts';
import type { FileEntry } from './store-reader.ts';

/** A chunk that may have a word score. */
export interface WordCandidate {
  readonly id: number;
  /** The upper bound of its score. */
  readonly bound: number;
}

/** The chunks that match the words of a query. */
export interface WordMatches {
  /** Those with the highest bounds, the highest first. */
  readonly candidates: readonly WordCandidate[];
  /** The upper bound of a chunk's score. Only for requested chunks. */
  boundOf(id: number): number;
  /** The upper bound of the score of any chunk that is not a candidate. */
  readonly othersBound: number;
}

export interface MatchOptions {
  /** The number of requested candidates. */
  readonly limit: number;
  /** Files that may be found, by their first ids; null: all. */
  readonly allowed: readonly FileEntry[] | null;
  /** Chunks whose bounds are needed even if they are not candidates. */
  readonly askedIds: readonly number[];
}

/** Finds and scores chunks by their words, in the tables of one format. */
export interface WordSearch {
  /** The format of its tables. */
  readonly format: number;
  match(query: string, terms: readonly QueryTerm[], scorer: WordScorer, options: MatchOptions): WordMatches;
  scorer(terms: readonly QueryTerm[]): WordScorer;
  /** The hashes of the words of each of these chunks. */
  streamsOf(chunkIds: readonly number[]): Uint32Array[];
  /** The store changed. */
  changed(): void;
}

/** A stream as stored in the database. */
export function streamOf(data: Uint8Array | undefined): Uint32Array {
  if (data === undefined) return NO_WORDS;
  if (data.byteOffset % 4 !== 0) return new Uint32Array(new Uint8Array(data).buffer);
  return new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
}

const NO_WORDS = new Uint32Array();
