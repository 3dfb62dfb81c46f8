import type { ParsedDocument } from '../parse/port.ts';

/** OpenAI's static strategy; `auto` is 800 and 400. */
export interface ChunkingStrategy {
  readonly maxTokens: number;
  readonly overlapTokens: number;
}

export interface Chunk {
  /** From 0, in reading order. */
  readonly ordinal: number;
  readonly text: string;
  readonly tokenCount: number;
  /** Where the text begins and ends in the sections' texts joined by one newline, in UTF-16 units. */
  readonly startOffset: number;
  readonly endOffset: number;
  /** Page, from 1, on which the chunk begins; null: the document has no pages. */
  readonly page: number | null;
  /** Line, from 1, of the joined text on which the chunk begins. */
  readonly line: number;
}

export type Chunker = (document: ParsedDocument, strategy: ChunkingStrategy) => Chunk[];
