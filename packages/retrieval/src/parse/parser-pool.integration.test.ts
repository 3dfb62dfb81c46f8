import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makePdf } from '../testing/make-files.ts';
import { createParserPool, type ParserPoolOptions } from './parser-pool.ts';
import type { ParseOptions, ParseResult, Parser } from './port.ts';
import type { ParserEvent } from './process/file-reader.ts';

const UNRULY = new URL('../testing/unruly-parser-process.ts', import.meta.url);
/** Longer than a test may take, so that a wait for it fails the test. */
const PATIENT_MS = 300_000;
/** More than twice the memory of a fresh process, so that it is kept from one file to the next. */
const MEMORY_MB = 320;

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'pool-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function poolOf(options: Partial<ParserPoolOptions> = {}, entry?: URL): Parser {
  const defaults = { processes: 1, timeoutMs: PATIENT_MS, memoryMb: MEMORY_MB, readableFolders: [folder] };
  const parser = createParserPool({ ...defaults, ...options }, entry);
  onTestFinished(() => parser.close());
  return parser;
}

const file = (filename: string, path = '/nowhere') => ({ path, filename, sizeBytes: 1 });
const said = (text: string): ParseResult => ({
  ok: true,
  document: { mimeType: 'text/plain', sections: [{ text, page: null }] },
});
const read = (filename: string) => said(`read ${filename}`);
const refusal = (code: string, words: RegExp) => ({
  ok: false,
  failure: { code, message: expect.stringMatching(words) },
});

async function textOf(result: Promise<ParseResult>): Promise<string> {
  const parsed = await result;
  return parsed.ok ? (parsed.document.sections[0]?.text ?? '') : parsed.failure.message;
}

describe('createParserPool', () => {
  it('reads real files in real processes', async () => {
    await writeFile(join(folder, 'a'), makePdf(['On paper']));
    await writeFile(join(folder, 'b'), 'plain, not only Latin: 世界');
    const parser = poolOf({ processes: 2, memoryMb: 512 });
    const results = await Promise.all([
      parser.parse({ path: join(folder, 'a'), filename: 'a.pdf', sizeBytes: 9 }),
      parser.parse({ path: join(folder, 'b'), filename: 'b.txt', sizeBytes: 5 }),
      parser.parse({ path: join(folder, 'missing'), filename: 'c.txt', sizeBytes: 5 }),
    ]);
    expect(results).toEqual([
      { ok: true, document: { mimeType: 'application/pdf', sections: [{ text: 'On paper', page: 1 }] } },
      said('plain, not only Latin: 世界'),
      refusal('server_error', /parser failed/),
    ]);
  });

  it.each([
    ['allocates endless objects', 'invalid_file', /more than 320 MB of memory/, 'ended_for_memory'],
    ['allocates endless buffers', 'invalid_file', /more than 320 MB of memory/, 'ended_for_memory'],
    ['allocates a buffer larger than all memory', 'invalid_file', /more than 320 MB of memory/, 'ended_for_memory'],
    ['exits', 'server_error', /parser failed/, 'crashed'],
    ['throws', 'server_error', /^(?!.*secret).*parser failed/, 'crashed'],
    ['throws later', 'server_error', /^(?!.*secret).*parser failed/, 'crashed'],
  ])('fails a file that %s, and reads the ones queued after it', async (filename, code, words, event) => {
    const events: ParserEvent[] = [];
    const parser = poolOf({ onEvent: (happened) => events.push(happened) }, UNRULY);
    const bad = parser.parse(file(filename));
    const good = ['one', 'two'].map((name) => parser.parse(file(name)));
    expect(await bad).toEqual(refusal(code, words));
    expect(await Promise.all(good)).toEqual([read('one'), read('two')]);
    expect(events).toEqual(['started', event, 'started']);
  });

  it.each(['spins', 'waits'])('fails a file that %s when its time is over', async (filename) => {
    const events: ParserEvent[] = [];
    const parser = poolOf({ timeoutMs: 150, onEvent: (happened) => events.push(happened) }, UNRULY);
    expect(await parser.parse(file(filename))).toEqual(refusal('invalid_file', /longer than 0\.15 seconds/));
    expect(events).toEqual(['started', 'ended_for_time']);
  });

  it('reads other files beside an endless one, in one process as long as nothing fails in it', async () => {
    const parser = poolOf({ processes: 2 }, UNRULY);
    const spinning = parser.parse(file('spins')).catch((error: unknown) => error);
    const names = Array.from({ length: 20 }, (_, at) => `file ${at}`);
    expect(await Promise.all(names.map((name) => parser.parse(file(name))))).toEqual(names.map(read));
    const pids = await Promise.all([1, 2].map(() => textOf(parser.parse(file('tells its process')))));
    expect(new Set(pids).size).toBe(1);
    await parser.close();
    expect(await spinning).toEqual(new Error('The parser is closed.'));
    expect(() => process.kill(Number(pids[0]), 0)).toThrow('ESRCH');
  });

  it('stops at an abort, whether the file waits or is being read, and reads the next', async () => {
    const parser = poolOf({}, UNRULY);
    const running = new AbortController();
    const waiting = new AbortController();
    const first = parser.parse(file('spins'), { signal: running.signal });
    const second = parser.parse(file('second'), { signal: waiting.signal });
    const third = parser.parse(file('third'));
    waiting.abort(new Error('second cancelled'));
    await expect(second).rejects.toThrow('second cancelled');
    running.abort(new Error('first cancelled'));
    await expect(first).rejects.toThrow('first cancelled');
    expect(await third).toEqual(read('third'));
    await expect(parser.parse(file('fourth'), { signal: running.signal })).rejects.toThrow('first cancelled');
  });

  it('aborts everything when closed', async () => {
    const parser = poolOf({}, UNRULY);
    const pending = [parser.parse(file('spins')), parser.parse(file('queued'))];
    const outcomes = Promise.allSettled(pending);
    await parser.close();
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    await expect(parser.parse(file('late'))).rejects.toThrow('closed');
  });

  it('denies a parser access to settings, other files, programs and writing', async () => {
    await writeFile(join(folder, 'readable'), 'readable');
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    onTestFinished(() => rm(outside, { recursive: true, force: true }));
    await writeFile(join(outside, 'secret'), 'secret');
    vi.stubEnv('ESPEJO_SECRET', 'never to be seen');
    onTestFinished(() => void vi.unstubAllEnvs());
    const parser = poolOf({}, UNRULY);
    const tell = (filename: string, path?: string) => textOf(parser.parse(file(filename, path)));
    expect(await tell('tells its environment')).not.toContain('ESPEJO');
    expect(await tell('opens', join(folder, 'readable'))).toBe('readable');
    expect(await tell('opens', join(outside, 'secret'))).toBe('ERR_ACCESS_DENIED');
    expect(await tell('writes', join(folder, 'readable'))).toBe('ERR_ACCESS_DENIED');
    expect(await tell('runs a program')).toBe('ERR_ACCESS_DENIED');
  });
});

describe('a process that closes its pool', () => {
  it('continues, and does not end while it waits for the parser’s end', async () => {
    const pool = new URL('./parser-pool.ts', import.meta.url).href;
    const code = `import { createParserPool } from ${JSON.stringify(pool)};
      const options = { processes: 1, timeoutMs: ${PATIENT_MS}, memoryMb: ${MEMORY_MB}, readableFolders: [] };
      const parser = createParserPool(options, new URL(${JSON.stringify(UNRULY.href)}));
      await parser.parse({ path: '/nowhere', filename: 'first', sizeBytes: 1 });
      await parser.close();
      console.log('closed');`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void owner.kill('SIGKILL'));
    expect(await text(owner.stdout)).toBe('closed\n');
  });
});

describe('a parser whose parent process is gone', () => {
  it('ends itself, also in the middle of an endless file', async () => {
    const pool = new URL('./parser-pool.ts', import.meta.url).href;
    const owner = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { createParserPool } from ${JSON.stringify(pool)};
        const options = { processes: 1, timeoutMs: ${PATIENT_MS}, memoryMb: ${MEMORY_MB}, readableFolders: [] };
        const parser = createParserPool(options, new URL(${JSON.stringify(UNRULY.href)}));
        const file = (filename) => ({ path: '/nowhere', filename, sizeBytes: 1 });
        const { document } = await parser.parse(file('tells its process'));
        console.log(document.sections[0].text);
        await parser.parse(file('spins'));`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void owner.kill('SIGKILL'));
    const pid = Number(await new Promise((resolve) => owner.stdout.once('data', resolve)));
    expect(isRunning(pid)).toBe(true);
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 600_000, interval: 20 });
  });
});

/** Whether a process runs; a zombie does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // There is no such folder on other systems.
    return process.platform !== 'linux';
  }
}

describe('turns of the parser pool', () => {
  /** Queues files behind one, finishes that, and returns the order in which the others were read. */
  async function orderOf(waiting: readonly (readonly [name: string, options: ParseOptions])[]): Promise<string[]> {
    const parser = poolOf({}, UNRULY);
    const order: string[] = [];
    const isFree = Promise.withResolvers<void>();
    const first = parser.parse(file('first'), {
      turn: { tenantId: 'hostile', storeId: 's' },
      onTurn: () => isFree.promise,
    });
    const all = waiting.map(([name, options]) =>
      parser.parse(file(name), { ...options, onTurn: async () => void order.push(name) }),
    );
    isFree.resolve();
    await Promise.all([first, ...all]);
    return order;
  }
  const of = (tenantId: string, storeId = 's'): ParseOptions => ({ turn: { tenantId, storeId } });

  it('give the next slot to a waiting tenant, however many files of another came before', async () => {
    const names = ['hostile 1', 'hostile 2', 'hostile 3', 'hostile 4'];
    const order = await orderOf([
      ...names.map((name) => [name, of('hostile')] as const),
      ['victim 1', of('victim')],
      ['victim 2', of('victim')],
    ]);
    expect(order).toEqual(['victim 1', 'hostile 1', 'victim 2', 'hostile 2', 'hostile 3', 'hostile 4']);
  });

  it('alternate between the stores of a tenant, too', async () => {
    const order = await orderOf([
      ['big 1', of('a', 'big')],
      ['big 2', of('a', 'big')],
      ['big 3', of('a', 'big')],
      ['small', of('a', 'small')],
    ]);
    expect(order).toEqual(['big 1', 'small', 'big 2', 'big 3']);
  });

  it('fail a file when its onTurn callback fails', async () => {
    const parser = poolOf({}, UNRULY);
    const onTurn = async () => {
      throw new Error('the claim is lost');
    };
    await expect(parser.parse(file('one'), { onTurn })).rejects.toThrow('the claim is lost');
    expect(await parser.parse(file('two'))).toEqual(read('two'));
  });
});
