import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNCALIBRATED } from '../search/calibration.ts';
import {
  KILLED_MODEL,
  KILLED_STORE,
  killedFile,
  killedIndexOptions,
  NEXT_MODEL,
  newVectorOf,
} from '../testing/index-process-plan.ts';
import { createMemoryIndex } from '../testing/memory-index.ts';
import { structuredRows } from '../testing/structured-rows.ts';
import { createLocalIndex, type LocalIndex } from './local-index.ts';
import type { IndexQuery, VectorIndex } from './port.ts';

const PROCESS = fileURLToPath(new URL('../testing/index-process.ts', import.meta.url));

describe('an index whose process is killed', () => {
  let folder: string;
  let index: LocalIndex;
  let child: ChildProcess | null = null;
  const errors: unknown[] = [];

  const start = (): LocalIndex =>
    createLocalIndex({
      ...killedIndexOptions(folder),
      newToken: () => 'token',
      onBuildError: (_, error) => errors.push(error),
    });

  /** Runs a task until `isTime` accepts a line, kills it there, and returns all lines. */
  const killAt = async (task: string, isTime: (line: string) => boolean, from = 0): Promise<string[]> => {
    const running = spawn(process.execPath, [PROCESS, folder, task, String(from)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = running;
    const exited = once(running, 'exit');
    const said: string[] = [];
    for await (const line of createInterface({ input: running.stdout })) {
      said.push(line);
      // SIGKILL: nothing in the process can clean up.
      if (isTime(line)) running.kill('SIGKILL');
    }
    const [, signal] = await exited;
    expect(signal).toBe('SIGKILL');
    return said;
  };

  const queryOf = (part: Partial<IndexQuery>): IndexQuery => ({
    texts: [],
    vectors: [],
    filter: null,
    embeddingWeight: 1,
    textWeight: 1,
    calibration: UNCALIBRATED,
    limit: 20,
    ...part,
  });

  const expectSame = async (expected: VectorIndex, dimensions: number): Promise<void> => {
    const sorted = async (each: VectorIndex) =>
      (await each.listFiles(KILLED_STORE)).sort((a, b) => (a.fileId < b.fileId ? -1 : 1));
    expect(await sorted(index)).toEqual(await sorted(expected));
    for (const { fileId } of await sorted(expected)) {
      const page = { after: null, limit: 100 };
      expect(await index.listChunks(KILLED_STORE, fileId, page)).toEqual(
        await expected.listChunks(KILLED_STORE, fileId, page),
      );
    }
    const rows = structuredRows(99, dimensions);
    for (let n = 0; n < 20; n += 1) {
      const byWords = queryOf({ texts: [rows.text(4)] });
      const names = async (each: VectorIndex, query: IndexQuery) =>
        (await each.search(KILLED_STORE, query)).map((hit) => `${hit.fileId}/${hit.ordinal} ${hit.score.toFixed(4)}`);
      expect(await names(index, byWords)).toEqual(await names(expected, byWords));
      // A filter that leaves few rows is compared one by one: exact, whatever the graph finds.
      const byVector = queryOf({ vectors: [rows.vector()], filter: { type: 'gte', key: 'n', value: n } });
      const few = { ...byVector, filter: { type: 'in', key: 'n', value: [60 + n, 61 + n, 70 - n] } as const };
      expect(await names(index, few)).toEqual(await names(expected, few));
      // Half floats in the graph: the same chunks, with slightly different scores.
      const ids = async (each: VectorIndex, limit: number) =>
        (await each.search(KILLED_STORE, { ...byVector, limit })).map((hit) => `${hit.fileId}/${hit.ordinal}`);
      const [near, all] = [await ids(index, 20), new Set(await ids(expected, 20))];
      expect(near.filter((name) => all.has(name)).length).toBeGreaterThanOrEqual(18);
    }
  };

  /** What an uninterrupted run has after so many writes. */
  const cleanRun = async (writes: number): Promise<VectorIndex> => {
    const clean = createMemoryIndex();
    await clean.open(KILLED_STORE, KILLED_MODEL);
    for (let n = 0; n < writes; n += 1) await clean.upsertFile(KILLED_STORE, killedFile(n));
    return clean;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'killed-'));
    errors.length = 0;
    index = start();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await index.closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  it('has every write that returned, no half of any other, and ends like an uninterrupted run', async () => {
    let next = 0;
    for (const stopAt of [3, 17, 18, 45, 80]) {
      const said = await killAt('upsert', (line) => line === `done ${stopAt}`, next);
      const last = Number(said.at(-1)?.split(' ')[1]);
      expect(last).toBeGreaterThanOrEqual(stopAt);
      // The interrupted write is there completely or not at all.
      index = start();
      await index.open(KILLED_STORE, KILLED_MODEL);
      const counts = new Map((await index.listFiles(KILLED_STORE)).map((file) => [file.fileId, file.chunkCount]));
      const under = killedFile(last + 1);
      for (const [fileId, chunkCount] of await countsAfter(last + 1)) {
        const isWhole = counts.get(fileId) === chunkCount;
        expect(isWhole || (fileId === under.fileId && counts.get(fileId) === under.chunks.length)).toBe(true);
      }
      await index.closeAll();
      // Written again, as by a queue that does not know that it finished.
      next = last + 1;
    }
    index = start();
    await index.open(KILLED_STORE, KILLED_MODEL);
    for (let n = next; n < 100; n += 1) await index.upsertFile(KILLED_STORE, killedFile(n));
    await index.settled();
    await expectSame(await cleanRun(100), KILLED_MODEL.dimensions);
    expect(errors).toEqual([]);
  });

  const countsAfter = async (writes: number): Promise<Map<string, number>> =>
    new Map((await (await cleanRun(writes)).listFiles(KILLED_STORE)).map((file) => [file.fileId, file.chunkCount]));

  it('builds its graph after it was killed while building it', async () => {
    await index.open(KILLED_STORE, KILLED_MODEL);
    await index.closeAll();
    await killAt('upsert', (line) => line === 'done 99');
    index = start();
    await index.open(KILLED_STORE, KILLED_MODEL);
    // Whatever was written from the hundredth write on: the uninterrupted run begins here.
    for (let n = 60; n < 100; n += 1) await index.upsertFile(KILLED_STORE, killedFile(n));
    await index.settled();
    await index.closeAll();
    for (const name of await readdir(folder)) if (name.includes('.graph')) await rm(join(folder, name));
    await killAt('build', (line) => line === 'building');
    index = start();
    await index.open(KILLED_STORE, KILLED_MODEL);
    await index.settled();
    expect(await index.stats(KILLED_STORE)).toMatchObject({ mode: 'graph' });
    expect((await readdir(folder)).filter((name) => name.includes('.graph'))).toHaveLength(1);
    await expectSame(await cleanRun(100), KILLED_MODEL.dimensions);
    expect(errors).toEqual([]);
  });

  it('continues a re-embedding where it was killed, and serves the old vectors until then', async () => {
    const clean = await cleanRun(80);
    await index.open(KILLED_STORE, KILLED_MODEL);
    for (let n = 0; n < 80; n += 1) await index.upsertFile(KILLED_STORE, killedFile(n));
    await index.settled();
    await index.closeAll();
    await killAt('reembed', (line) => line === 'batch 3');
    index = start();
    await index.open(KILLED_STORE, KILLED_MODEL);
    await expectSame(clean, KILLED_MODEL.dimensions);
    const { chunkCount } = await index.stats(KILLED_STORE);
    let asked = 0;
    await index.reembed(KILLED_STORE, NEXT_MODEL, async (texts) => {
      asked += texts.length;
      return texts.map(newVectorOf);
    });
    // Two batches of up to 256 were stored before the kill.
    expect(asked).toBeLessThan(chunkCount - 256);
    await clean.reembed(KILLED_STORE, NEXT_MODEL, async (texts) => texts.map(newVectorOf));
    await index.settled();
    await expectSame(clean, NEXT_MODEL.dimensions);
    expect(errors).toEqual([]);
  });
});
