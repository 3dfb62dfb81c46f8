import type { ParsedDocument } from '../parse/port.ts';
import type { Chunk, ChunkingStrategy } from './port.ts';
import { NO_BOUNDARY, tokenEndsByWindow } from './tokenizer.ts';

/** OpenAI's limit on a file in a vector store. */
export const FILE_TOKENS_MAX = 5_000_000;

/** A text that has more tokens than a file may have. */
export class TooManyTokens extends Error {
  readonly maxTokens: number;
  constructor(maxTokens: number) {
    super(`The file's text is longer than ${maxTokens} tokens. Split it into smaller files.`);
    this.name = 'TooManyTokens';
    this.maxTokens = maxTokens;
  }
}

/**
 * OpenAI's static strategy: windows of `maxTokens`, each beginning `overlapTokens` before the last one's end, until one
 * reaches the end. A window is a token or two shorter where it would split a character. Empty text has no chunks.
 * Throws TooManyTokens as soon as the text is known to be too long.
 */
export function chunkDocument(
  document: ParsedDocument,
  strategy: ChunkingStrategy,
  options: { readonly fileTokensMax?: number } = {},
): Chunk[] {
  const text = document.sections.map((section) => section.text).join('\n');
  const ends = endsOf(text, options.fileTokensMax ?? FILE_TOKENS_MAX);
  const pageAt = pageFinder(document);
  const lineAt = lineFinder(text);
  return windowsOf(ends, strategy).map(({ first, end }, ordinal) => {
    const startOffset = first === 0 ? 0 : offsetAfter(ends, first - 1);
    const endOffset = offsetAfter(ends, end - 1);
    return {
      ordinal,
      text: text.slice(startOffset, endOffset),
      tokenCount: end - first,
      startOffset,
      endOffset,
      page: pageAt(startOffset),
      line: lineAt(startOffset),
    };
  });
}

function endsOf(text: string, fileTokensMax: number): readonly number[] {
  const ends: number[] = [];
  for (const found of tokenEndsByWindow(text)) {
    if (ends.length + found.length > fileTokensMax) throw new TooManyTokens(fileTokensMax);
    for (const end of found) ends.push(end);
  }
  return ends;
}

/** Token windows [first, end) whose ends are boundaries between characters. */
function windowsOf(ends: readonly number[], strategy: ChunkingStrategy): { first: number; end: number }[] {
  const windows: { first: number; end: number }[] = [];
  let first = 0;
  while (first < ends.length) {
    const end = boundaryAtOrBefore(ends, Math.min(first + strategy.maxTokens, ends.length));
    windows.push({ first, end });
    if (end === ends.length) break;
    first = boundaryAtOrBefore(ends, end - strategy.overlapTokens);
  }
  return windows;
}

/**
 * The nearest token index, not after `index`, before which the text can be split. A character has four tokens at most.
 */
function boundaryAtOrBefore(ends: readonly number[], index: number): number {
  let at = index;
  while (at > 0 && ends[at - 1] === NO_BOUNDARY) at -= 1;
  return at;
}

function offsetAfter(ends: readonly number[], index: number): number {
  const end = ends[index];
  if (end === undefined || end === NO_BOUNDARY) throw new Error('A chunk begins and ends between characters.');
  return end;
}

/** Finds the page of an offset; called in rising order. */
function pageFinder({ sections }: ParsedDocument): (offset: number) => number | null {
  let index = 0;
  let sectionEnd = sections[0]?.text.length ?? 0;
  return (offset) => {
    // At its end a section has only the newline that joins it to the next.
    while (offset >= sectionEnd && index < sections.length - 1) {
      index += 1;
      sectionEnd += 1 + (sections[index]?.text.length ?? 0);
    }
    return sections[index]?.page ?? null;
  };
}

/** Finds the line, from 1, of an offset; called in rising order. */
function lineFinder(text: string): (offset: number) => number {
  let line = 1;
  let newline = text.indexOf('\n');
  return (offset) => {
    while (newline !== -1 && newline < offset) {
      line += 1;
      newline = text.indexOf('\n', newline + 1);
    }
    return line;
  };
}
