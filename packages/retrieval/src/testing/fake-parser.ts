import type { ParseResult, Parser } from '../parse/port.ts';

export interface FakeParser extends Parser {
  readonly parsed: readonly string[];
  /** Results for the next files by their names; any other file has its own name as text. */
  readonly results: Map<string, ParseResult>;
}

/** A parser that reads no file: it returns the given result, by the file's name. */
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
