import type { SearchFilter } from '@espejo/contracts/openai';
import { chunkText, parseFile } from '../state/files/file-text.ts';
import type { Project } from '../state/project.ts';
import type { Attributes } from '../state/rows.ts';
import { findLiveStore } from '../state/stores/find-store.ts';
import { touchStore } from '../state/stores/settle.ts';
import { fitsFilter } from './fits-filter.ts';
import { wordsOf } from './words.ts';

export interface SearchInput {
  readonly queries: readonly string[];
  readonly resultsMax: number;
  readonly filter: SearchFilter | null;
  readonly scoreMin: number;
}

/** One matching chunk: a file occurs as often as chunks of it were found. */
export interface SearchHit {
  readonly fileId: string;
  readonly filename: string;
  readonly score: number;
  readonly attributes: Attributes;
  readonly text: string;
}

interface Chunk {
  readonly text: string;
  readonly counts: ReadonlyMap<string, number>;
}

interface Candidate {
  readonly fileId: string;
  readonly filename: string;
  readonly attributes: Attributes;
  readonly chunks: readonly Chunk[];
}

/**
 * Searches the known texts of a store by their words; the same rows and query always give the same result. A search
 * counts as use and moves the store's expiry. Ghosts and files that are not completed are not found.
 */
export function searchStore(project: Project, storeId: string, input: SearchInput): readonly SearchHit[] {
  const store = findLiveStore(project, storeId);
  touchStore(project, store);
  const candidates: Candidate[] = [];
  for (const row of store.attachments.values()) {
    const file = project.files.get(row.id);
    if (row.status !== 'completed' || file === undefined) continue;
    if (input.filter !== null && !fitsFilter(row.attributes, input.filter)) continue;
    const { text } = parseFile(file);
    if (text === null) continue;
    const chunks = chunkText(text, row.chunking).map((chunk) => ({ text: chunk, counts: countWords(chunk) }));
    candidates.push({ fileId: row.id, filename: file.filename, attributes: row.attributes, chunks });
  }
  const weightOf = createWeights(candidates);
  const queries = input.queries.map((query) => [...new Set(wordsOf(query))]);
  const hits: SearchHit[] = [];
  for (const candidate of candidates) {
    for (const chunk of candidate.chunks) {
      const score = Math.max(0, ...queries.map((words) => scoreOf(chunk, words, weightOf)));
      if (score === 0 || score < input.scoreMin) continue;
      const { fileId, filename, attributes } = candidate;
      hits.push({ fileId, filename, attributes, score, text: chunk.text });
    }
  }
  // The sort is stable: of equal chunks of a file the earlier comes first.
  return hits
    .sort((left, right) => right.score - left.score || compare(left.fileId, right.fileId))
    .slice(0, input.resultsMax);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The share of the query's weight that the chunk has, with repeated words counting a little more: from 0 to 1. */
function scoreOf(chunk: Chunk, words: readonly string[], weightOf: (word: string) => number): number {
  let found = 0;
  let wanted = 0;
  for (const word of words) {
    const weight = weightOf(word);
    const count = chunk.counts.get(word) ?? 0;
    wanted += weight;
    found += weight * (count / (count + 0.25));
  }
  return wanted === 0 ? 0 : Math.round((found / wanted) * 10_000) / 10_000;
}

/** Rare words weigh more than common ones. */
function createWeights(candidates: readonly Candidate[]): (word: string) => number {
  const chunks = candidates.flatMap((candidate) => candidate.chunks);
  const weights = new Map<string, number>();
  return (word) => {
    let weight = weights.get(word);
    if (weight === undefined) {
      const holders = chunks.filter((chunk) => chunk.counts.has(word)).length;
      weight = Math.log(1 + (chunks.length + 1) / (holders + 1));
      weights.set(word, weight);
    }
    return weight;
  };
}

function countWords(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
