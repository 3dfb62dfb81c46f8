import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeBombs } from '../testing/hostile/make-bombs.ts';
import { mutateFile } from '../testing/hostile/mutate-file.ts';
import { sampleFiles } from '../testing/hostile/sample-files.ts';
import { watchChildren } from '../testing/hostile/watch-children.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { createParserPool } from './parser-pool.ts';
import type { ParseResult } from './port.ts';
import type { ParserEvent } from './process/file-reader.ts';

/** `ESPEJO_FUZZ_FILES=1000000` reads more files, `ESPEJO_FUZZ_FIRST=4711 ESPEJO_FUZZ_FILES=1` repeats one. */
const FILES = Number(process.env.ESPEJO_FUZZ_FILES ?? 10_000);
const FIRST = Number(process.env.ESPEJO_FUZZ_FIRST ?? 1);
const PROCESSES = 2;
const MEMORY_MB = 640;
const TIMEOUT_MS = 20_000;
/** The memory limit of every parser. */
const RSS_BYTES_MAX = 2 ** 30;

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'fuzz-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function openPool(timeoutMs: number) {
  const events: ParserEvent[] = [];
  const children = watchChildren();
  const parser = createParserPool({
    processes: PROCESSES,
    memoryMb: MEMORY_MB,
    timeoutMs,
    readableFolders: [folder],
    onEvent: (event) => events.push(event),
  });
  onTestFinished(async () => {
    children.stop();
    await parser.close();
  });
  const counts = () => Object.fromEntries([...new Set(events)].map((e) => [e, events.filter((x) => x === e).length]));
  return { parser, counts, peakBytes: children.peakBytes };
}

/** What is wrong with a result; undefined: it is text, or an error in the file. */
function faultOf(result: ParseResult): string | undefined {
  if (result.ok) {
    const isText = result.document.sections.every(({ text }) => text.isWellFormed() && !text.includes('\0'));
    return isText ? undefined : 'text that cannot be kept';
  }
  const { code, message } = result.failure;
  if (code === 'server_error') return 'the parser failed';
  return /^[A-Z].*\.$/s.test(message) && !/undefined|\[object|NaN/.test(message) ? undefined : message;
}

const megabytes = (bytes: number | undefined) =>
  bytes === undefined ? 'unknown on this system' : `${Math.round(bytes / 2 ** 20)} MB`;

describe('the parsers', () => {
  it(
    `return text or an error for ${FILES} mutated files from seed ${FIRST}, within their limits`,
    async () => {
      const { parser, counts, peakBytes } = openPool(TIMEOUT_MS);
      const samples = sampleFiles();
      const faults: string[] = [];
      const outcomes: Record<string, number> = {};
      const ended: string[] = [];
      let next = FIRST;
      const work = async (lane: number) => {
        for (let seed = next++; seed < FIRST + FILES; seed = next++) {
          const { filename, bytes } = mutateFile(samples, seededRandom(seed));
          const path = join(folder, `lane-${lane}`);
          await writeFile(path, bytes);
          const result = await parser.parse({ path, filename, sizeBytes: bytes.length });
          const fault = faultOf(result);
          if (fault !== undefined) faults.push(`ESPEJO_FUZZ_FIRST=${seed} (${filename}): ${fault}`);
          if (!result.ok && /seconds|MB of memory/.test(result.failure.message)) ended.push(`${seed} (${filename})`);
          const outcome = result.ok ? 'text' : result.failure.code;
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        }
      };
      // One more than there are processes, so that the next file is waiting when one is free.
      await Promise.all(Array.from({ length: PROCESSES + 1 }, (_, lane) => work(lane)));
      console.info(
        `${FILES} mutated files from seed ${FIRST}: ${JSON.stringify(outcomes)}, processes ${JSON.stringify(counts())}, ended at their limits ${ended.join(', ') || 'none'}, peak memory of a parser ${megabytes(peakBytes())}`,
      );
      expect(faults).toEqual([]);
      expect(peakBytes() ?? 0).toBeLessThan(RSS_BYTES_MAX);
      if (FILES >= 1_000) expect(Object.keys(outcomes).sort()).toEqual(['invalid_file', 'text', 'unsupported_file']);
    },
    60_000 + FILES * 100,
  );

  it.each(makeBombs())('end $name in bounded time and memory', async ({ name, filename, bytes, isEndless }) => {
    const { parser, peakBytes } = openPool(isEndless ? 2_000 : 100_000);
    const path = join(folder, filename);
    await writeFile(path, bytes);
    const result = await parser.parse({ path, filename, sizeBytes: bytes.length });
    console.info(
      `${name}, ${bytes.length} bytes: ${result.ok ? 'read' : result.failure.message} Peak memory ${megabytes(peakBytes())}.`,
    );
    expect(faultOf(result)).toBeUndefined();
    expect(peakBytes() ?? 0).toBeLessThan(RSS_BYTES_MAX);
  });
});
