import { parentPort } from 'node:worker_threads';
import type { ParseResult } from '../parse/port.ts';

/** A parser's thread that does what hostile files make parsers do: the file's name says which. */
parentPort?.on('message', ({ filename }: { filename: string }) => {
  switch (filename) {
    case 'spins':
      for (;;);
    case 'hogs': {
      const kept: string[][] = [];
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, at) => `text ${at}`));
    }
    case 'waits':
      return;
    case 'exits':
      process.exit(1);
      return;
    case 'throws':
      throw new Error('a secret path');
    case 'fails':
      parentPort?.postMessage({ result: null });
      return;
    default: {
      const sections = [{ text: `read ${filename}`, page: null }];
      const result: ParseResult = { ok: true, document: { mimeType: 'text/plain', sections } };
      parentPort?.postMessage({ result });
    }
  }
});
