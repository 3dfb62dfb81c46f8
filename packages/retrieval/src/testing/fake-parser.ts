import type { ParseResult, Parser } from '../parse/port.ts';

export interface FakeParser extends Parser {
  readonly parsed: readonly string[];
  /** Answers for the next files by their names; the others have their own name for text. */
  readonly results: Map<string, ParseResult>;
}

/** A parser that reads no file: it answers what it was told to, by the file's name. */
export function createFakeParser(): FakeParser {
  const parsed: string[] = [];
  const results = new Map<string, ParseResult>();
  return {
    parsed,
    results,
    async parse({ filename }, { signal, onTurn } = {}) {
      signal?.throwIfAborted();
      await onTurn?.();
      parsed.push(filename);
      const sections = [{ text: filename, page: null }];
      return results.get(filename) ?? { ok: true, document: { mimeType: 'text/plain', sections } };
    },
    close: async () => undefined,
  };
}
