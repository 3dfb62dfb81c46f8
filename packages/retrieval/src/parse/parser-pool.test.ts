import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makePdf } from '../testing/make-files.ts';
import { createParserPool } from './parser-pool.ts';
import type { ParseResult, Parser } from './port.ts';

const UNRULY = new URL('../testing/unruly-parse-worker.ts', import.meta.url);
/** Longer than a test may take: what waits for it fails. */
const PATIENT_MS = 60_000;

function pool(workers: number, timeoutMs: number, workerUrl?: URL): Parser {
  const parser = createParserPool({ workers, timeoutMs, memoryMb: 64 }, workerUrl);
  onTestFinished(() => parser.close());
  return parser;
}

const file = (filename: string) => ({ path: '/nowhere', filename, sizeBytes: 1 });
const read = (filename: string): ParseResult => ({
  ok: true,
  document: { mimeType: 'text/plain', sections: [{ text: `read ${filename}`, page: null }] },
});
const refusal = (code: string, words: RegExp) => ({
  ok: false,
  failure: { code, message: expect.stringMatching(words) },
});

describe('createParserPool', () => {
  it('reads real files on real threads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pool-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'a'), makePdf(['On paper']));
    await writeFile(join(folder, 'b'), 'plain');
    const parser = pool(2, PATIENT_MS);
    const results = await Promise.all([
      parser.parse({ path: join(folder, 'a'), filename: 'a.pdf', sizeBytes: 9 }),
      parser.parse({ path: join(folder, 'b'), filename: 'b.txt', sizeBytes: 5 }),
      parser.parse({ path: join(folder, 'missing'), filename: 'c.txt', sizeBytes: 5 }),
    ]);
    expect(results).toEqual([
      { ok: true, document: { mimeType: 'application/pdf', sections: [{ text: 'On paper', page: 1 }] } },
      { ok: true, document: { mimeType: 'text/plain', sections: [{ text: 'plain', page: null }] } },
      refusal('server_error', /parser failed/),
    ]);
  });

  it.each([
    ['spins', 150, 'invalid_file', /longer than 0\.15 seconds/],
    ['waits', 150, 'invalid_file', /longer than 0\.15 seconds/],
    ['hogs', PATIENT_MS, 'invalid_file', /more than 64 MB/],
    ['exits', PATIENT_MS, 'server_error', /parser failed/],
    ['throws', PATIENT_MS, 'server_error', /^(?!.*secret).*parser failed/],
    ['fails', PATIENT_MS, 'server_error', /parser failed/],
  ])('fails a file that %s, alone: the ones queued behind it are read', async (filename, timeoutMs, code, words) => {
    const parser = pool(1, timeoutMs, UNRULY);
    const bad = parser.parse(file(filename));
    // The first thread may take long to start; what is read after it shows that its place is usable again.
    const good = ['one', 'two'].map((name) => parser.parse(file(name)));
    expect(await bad).toEqual(refusal(code, words));
    if (timeoutMs === PATIENT_MS) expect(await Promise.all(good)).toEqual([read('one'), read('two')]);
    else await Promise.all(good);
  });

  it('goes on beside a file that never ends', async () => {
    const parser = pool(2, PATIENT_MS, UNRULY);
    const spinning = parser.parse(file('spins')).catch((error: unknown) => error);
    const names = Array.from({ length: 20 }, (_, at) => `file ${at}`);
    expect(await Promise.all(names.map((name) => parser.parse(file(name))))).toEqual(names.map(read));
    await parser.close();
    expect(await spinning).toEqual(new Error('The parser is closed.'));
  });

  it('stops at an abort, whether the file waits or is being read, and reads the next', async () => {
    const parser = pool(1, PATIENT_MS, UNRULY);
    const running = new AbortController();
    const waiting = new AbortController();
    const first = parser.parse(file('spins'), running.signal);
    const second = parser.parse(file('second'), waiting.signal);
    const third = parser.parse(file('third'));
    waiting.abort(new Error('second cancelled'));
    await expect(second).rejects.toThrow('second cancelled');
    running.abort(new Error('first cancelled'));
    await expect(first).rejects.toThrow('first cancelled');
    expect(await third).toEqual(read('third'));
    await expect(parser.parse(file('fourth'), running.signal)).rejects.toThrow('first cancelled');
  });

  it('gives up everything when closed', async () => {
    const parser = pool(1, PATIENT_MS, UNRULY);
    const pending = [parser.parse(file('spins')), parser.parse(file('queued'))];
    const outcomes = Promise.allSettled(pending);
    await parser.close();
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    await expect(parser.parse(file('late'))).rejects.toThrow('closed');
  });
});
