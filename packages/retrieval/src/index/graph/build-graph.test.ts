import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { structuredRows } from '../../testing/structured-rows.ts';
import { IndexError } from '../index-error.ts';
import { openWritable } from '../store/open-writable.ts';
import { databasePath, removeStoreFiles } from '../store/store-files.ts';
import { upsertFile } from '../store/store-writer.ts';
import { buildGraph } from './build-graph.ts';
import { checkGraph } from './graph-file.ts';
import { loadUsearch } from './usearch.ts';

const MODEL = { fingerprint: 'm', dimensions: 16 };
const STORE = 'vs_built';
let folder: string;

function writeStore(epoch: string): void {
  const database = openWritable(databasePath(folder, STORE), { model: MODEL, epoch });
  const { chunks, ...file } = structuredRows(1, MODEL.dimensions).file('f', 40, {});
  const packed = new Float32Array(chunks.flatMap((chunk) => [...chunk.vector]));
  upsertFile(database, { ...file, chunks: chunks.map(({ vector: _, ...chunk }) => chunk), packed });
  database.close();
}

const build = () => buildGraph({ folder, storeId: STORE, exactRowsMax: 10, threadCount: 1, isQuiet: true });

/** Runs `work` in the middle of the next build: when the graph is saved, and has not got its name. */
function duringBuild(work: () => void): void {
  const Index = loadUsearch()?.Index;
  if (Index === undefined) throw new Error('The library of graphs is missing.');
  const { save } = Index.prototype;
  vi.spyOn(Index.prototype, 'save').mockImplementationOnce(function (this: typeof Index.prototype, path: string) {
    save.call(this, path);
    work();
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-graph-'));
  writeStore('first');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

it('says that the store does not exist when it is dropped during the build, and leaves no file', async () => {
  duringBuild(() => removeStoreFiles(folder, STORE));
  expect(build).toThrowError(new IndexError('store_not_found', 'The store was dropped.'));
  expect(await readdir(folder)).toEqual([]);
});

it('says that the store does not exist when another of the same id was created during the build', async () => {
  duringBuild(() => {
    removeStoreFiles(folder, STORE);
    writeStore('second');
  });
  expect(build).toThrowError(new IndexError('store_not_found', 'The store was dropped.'));
  expect((await readdir(folder)).filter((name) => name.includes('graph'))).toEqual([]);
});

it('reports a build that fails while the store exists', () => {
  duringBuild(() => {
    throw new Error('The disk is full.');
  });
  expect(build).toThrowError('The disk is full.');
});

it('treats a graph that was removed after it was listed as no graph', async () => {
  expect(build()).toBe('made');
  const [name] = (await readdir(folder)).filter((each) => each.endsWith('.graph'));
  const path = join(folder, name ?? '');
  expect(checkGraph(path)).toMatchObject({ epoch: 'first', rowCount: 40 });
  await rm(path);
  expect(checkGraph(path)).toBeNull();
});
