import { readFile } from 'node:fs/promises';
import type { ParsedDocument, Parser } from '@espejo/retrieval';

/** Parses text. Content that begins with `!` and one of OpenAI's codes fails with it: `!invalid_file`. */
export function createTextParser(onParse: (filename: string) => Promise<void> = async () => undefined): Parser {
  return {
    async parse({ path, filename }, { onTurn } = {}) {
      await onTurn?.();
      await onParse(filename);
      const text = await readFile(path, 'utf8');
      const code = /^!(unsupported_file|invalid_file|server_error)/.exec(text)?.[1];
      if (code === 'unsupported_file' || code === 'invalid_file' || code === 'server_error') {
        return { ok: false, failure: { code, message: `${filename} cannot be read.` } };
      }
      const document: ParsedDocument = { mimeType: 'text/plain', sections: [{ text, page: null }] };
      return { ok: true, document };
    },
    close: async () => undefined,
  };
}
