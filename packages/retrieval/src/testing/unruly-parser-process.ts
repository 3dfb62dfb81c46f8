import type { ParseResult } from '../parse/port.ts';
import { serveFiles } from '../parse/process/serve-files.ts';

/** A parser process that misbehaves like a parser of a hostile file: the file's name selects how. */
serveFiles(async ({ path, filename }): Promise<ParseResult> => {
  switch (filename) {
    case 'spins':
      for (;;);
    case 'allocates endless objects': {
      const kept: string[][] = [];
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, at) => `text ${at}`));
    }
    case 'allocates endless buffers': {
      // Outside of the engine's heap, and written to: memory that only the operating system counts.
      const kept: Uint8Array[] = [];
      for (;;) kept.push(new Uint8Array(2 ** 24).fill(1));
    }
    case 'allocates a buffer larger than all memory':
      return { ok: true, document: { mimeType: String(new Uint8Array(2 ** 36).length), sections: [] } };
    case 'waits':
      return new Promise(() => undefined);
    case 'exits':
      process.exit(1);
      break;
    case 'throws':
      throw new Error('a secret path');
    case 'throws later':
      setImmediate(() => {
        throw new Error('a secret path');
      });
      return new Promise(() => undefined);
    case 'tells its environment':
      return said(Object.keys(process.env).sort().join(' '));
    case 'tells its process':
      return said(String(process.pid));
    case 'opens':
      return said((await attempt(() => import('node:fs/promises').then((fs) => fs.readFile(path, 'utf8')))) ?? '');
    case 'writes':
      return said((await attempt(() => import('node:fs/promises').then((fs) => fs.writeFile(path, 'x')))) ?? 'written');
    case 'runs a program':
      return said((await attempt(() => import('node:child_process').then((of) => of.execSync('id')))) ?? 'run');
  }
  return said(`read ${filename}`);
});

function said(text: string): ParseResult {
  return { ok: true, document: { mimeType: 'text/plain', sections: [{ text, page: null }] } };
}

/** The result, or the code of the error. */
async function attempt(what: () => Promise<unknown>): Promise<string | undefined> {
  try {
    return (await what()) as string | undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  }
}
