import { mkdtemp, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttributeFilter } from '@espejo/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UNCALIBRATED } from '../search/calibration.ts';
import { createMemoryIndex } from '../testing/memory-index.ts';
import { structuredRows } from '../testing/structured-rows.ts';
import { createLocalIndex, type LocalIndex } from './local-index.ts';
import type { IndexQuery, VectorIndex } from './port.ts';

const MODEL = { fingerprint: 'm', dimensions: 64 };
const STORE = 'vs_graph';
const EXACT_ROWS_MAX = 800;
const FILES = 300;
const CHUNKS = 20;

/** Above the threshold: 6,000 rows, of which a filter leaves a third, a thirtieth or one file. */
describe('a store with a graph', () => {
  const oracle = createMemoryIndex();
  const rows = structuredRows(1, MODEL.dimensions);
  const queries = Array.from({ length: 60 }, () => rows.vector());
  let folder: string;
  let index: LocalIndex;
  let tokens = 0;
  const errors: unknown[] = [];

  const start = (): LocalIndex =>
    createLocalIndex({
      folder,
      workerCount: 1,
      memoryBytesMax: 2 ** 26,
      openStoresMax: 4,
      newToken: () => `token-${++tokens}`,
      exactRowsMax: EXACT_ROWS_MAX,
      // No graph is built unless a test waits for it.
      quietMs: 3_600_000,
      onBuildError: (_, error) => errors.push(error),
    });

  const both = async (work: (each: VectorIndex) => Promise<unknown>): Promise<void> => {
    await work(oracle);
    await work(index);
  };

  /** The share of the true nearest rows that is found. */
  const recall = async (filter: AttributeFilter | null, limit = 10): Promise<number> => {
    let found = 0;
    let wanted = 0;
    for (const vector of queries) {
      const query: IndexQuery = {
        texts: [],
        vectors: [vector],
        filter,
        embeddingWeight: 1,
        textWeight: 1,
        calibration: UNCALIBRATED,
        limit,
      };
      const names = async (each: VectorIndex) =>
        (await each.search(STORE, query)).map((hit) => `${hit.fileId}/${hit.ordinal}`);
      const [expected, actual] = [await names(oracle), new Set(await names(index))];
      expect(actual.size).toBe(expected.length);
      wanted += expected.length;
      found += expected.filter((name) => actual.has(name)).length;
    }
    return wanted === 0 ? 1 : found / wanted;
  };

  const graphFiles = async () => (await readdir(folder)).filter((name) => name.endsWith('.graph'));

  const reopen = async (): Promise<void> => {
    await index.closeAll();
    index = start();
    await index.open(STORE, MODEL);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graph-'));
    index = start();
    await both((each) => each.open(STORE, MODEL));
    for (let n = 0; n < FILES; n += 1) {
      const file = rows.file(`f${n}`, CHUNKS, { third: n % 3, thirtieth: n % 30, n });
      await both((each) => each.upsertFile(STORE, file));
    }
    await index.settled();
  });
  afterAll(async () => {
    await index.closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds at least 95 % of the true nearest', async () => {
    expect(await index.stats(STORE)).toMatchObject({ mode: 'graph', chunkCount: FILES * CHUNKS });
    expect(await recall(null)).toBeGreaterThanOrEqual(0.95);
  });

  it.each<[string, AttributeFilter, number]>([
    ['two of three files, from the graph', { type: 'ne', key: 'third', value: 0 }, 0.95],
    ['one of three', { type: 'eq', key: 'third', value: 1 }, 0.95],
    ['one of thirty, compared one by one', { type: 'eq', key: 'thirtieth', value: 7 }, 1],
    ['one file', { type: 'eq', key: 'n', value: 123 }, 1],
    ['none', { type: 'eq', key: 'n', value: -1 }, 1],
    ['all but one', { type: 'nin', key: 'n', value: [5] }, 0.95],
  ])('finds as much with a filter that leaves %s', async (_, filter, least) => {
    expect(await recall(filter)).toBeGreaterThanOrEqual(least);
  });

  it('finds what is newer than the graph, and nothing that was removed or replaced', async () => {
    const [before] = await graphFiles();
    const added = rows.file('new', CHUNKS, { n: 1000 });
    const replaced = rows.file('f1', CHUNKS, { third: 1, n: 1 });
    await both((each) => each.upsertFile(STORE, added));
    await both((each) => each.upsertFile(STORE, replaced));
    for (const n of [2, 3, 4, 5]) await both((each) => each.removeFile(STORE, `f${n}`));
    expect(await graphFiles()).toEqual([before]);
    expect(await recall(null)).toBeGreaterThanOrEqual(0.95);
    for (const { vector } of [...added.chunks, ...replaced.chunks]) {
      const query = {
        texts: [],
        vectors: [vector],
        filter: null,
        embeddingWeight: 1,
        textWeight: 1,
        calibration: UNCALIBRATED,
        limit: 1,
      };
      expect(await index.search(STORE, query)).toEqual([expect.objectContaining({ score: expect.closeTo(1, 5) })]);
    }
  });

  it('includes every row when writes have stopped, and is rebuilt when much was removed', async () => {
    const [before] = await graphFiles();
    for (let n = 0; n < 50; n += 1) {
      const file = rows.file(`more${n}`, CHUNKS, { third: n % 3, n: 2000 + n });
      await both((each) => each.upsertFile(STORE, file));
    }
    await index.settled();
    const [after, ...others] = await graphFiles();
    expect(others).toEqual([]);
    expect(after).not.toBe(before);
    const filled = await index.stats(STORE);
    // Removed and replaced rows are still in it; no row is missing.
    expect(filled.graph?.indexedRows).toBeGreaterThanOrEqual(filled.chunkCount);
    expect(await recall(null)).toBeGreaterThanOrEqual(0.95);
    for (let n = 6; n < 160; n += 1) await both((each) => each.removeFile(STORE, `f${n}`));
    await index.settled();
    const { chunkCount, graph } = await index.stats(STORE);
    // Three of ten rows of a graph may be deleted ones; without a new graph it would be five.
    expect((graph?.indexedRows ?? 0) * 0.7).toBeLessThanOrEqual(chunkCount);
    expect(await recall(null)).toBeGreaterThanOrEqual(0.95);
    expect(await recall({ type: 'ne', key: 'third', value: 0 })).toBeGreaterThanOrEqual(0.95);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['cut off', (path) => truncate(path, 100_000)],
    ['empty', (path) => truncate(path, 0)],
    ['something else', (path) => writeFile(path, 'not a graph')],
    [
      'damaged in one byte',
      async (path) => {
        const file = await open(path, 'r+');
        const byte = Buffer.alloc(1);
        await file.read(byte, 0, 1, 200_000);
        await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 200_000);
        await file.close();
      },
    ],
  ])('ignores a graph that is %s, and builds it again', async (_, damage) => {
    const [name = ''] = await graphFiles();
    await index.closeAll();
    await damage(join(folder, name));
    index = start();
    await index.open(STORE, MODEL);
    expect(await recall(null)).toBeGreaterThanOrEqual(0.95);
    await index.settled();
    expect(await index.stats(STORE)).toMatchObject({ mode: 'graph' });
    await reopen();
    expect(await index.stats(STORE)).toMatchObject({ mode: 'graph', graph: { isBuilding: expect.any(Boolean) } });
    expect(errors).toEqual([]);
  });

  it('never uses a graph of a store that was dropped, or of another model', async () => {
    const next = { fingerprint: 'm2', dimensions: 32 };
    const small = structuredRows(2, next.dimensions);
    await index.reembed(STORE, next, async (texts) => texts.map(() => small.vector()));
    const query = {
      texts: [],
      vectors: [small.vector()],
      filter: null,
      embeddingWeight: 1,
      textWeight: 1,
      calibration: UNCALIBRATED,
      limit: 5,
    };
    expect(await index.search(STORE, query)).toHaveLength(5);
    await index.settled();
    expect(await index.stats(STORE)).toMatchObject({ mode: 'graph', ...next });
    await index.drop(STORE);
    expect(await readdir(folder)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
