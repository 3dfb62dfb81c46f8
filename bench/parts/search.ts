import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createLocalIndex, type IndexQuery, type LocalIndex, UNCALIBRATED } from '@espejo/retrieval';
import { type StructuredRows, structuredRows } from '@espejo/retrieval/testing';
import { type Line, megabytes, millis, type Print, type Section, seconds, times } from '../lib/report.ts';
import { quantile } from '../lib/stats.ts';
import { withFolder } from '../lib/with-folder.ts';

const MODEL = { fingerprint: 'bench', dimensions: 384 };
const STORE = 'vs_bench';
const CHUNKS_PER_FILE = 50;
const WORDS_PER_CHUNK = 100;
const WORDS_PER_QUERY = 5;
const LIMIT = 10;
const OUTSTANDING = 8;
/** The same number of candidates as the index uses. */
const RAW_SHAPE = { connectivity: 16, expansion_add: 128, expansion_search: 96, multi: false };

const TARGETS = { hybridP50Ms: 5, hybridP99Ms: 15, rawRatio: 1.3, coldOpenMs: 50 } as const;

/** Searches in stores of 10,000 and 100,000 chunks of 384 dimensions, compared with the graph library alone on the same rows. */
export async function measureSearch(print: Print, options: { isQuick: boolean }): Promise<Section> {
  const lines: Line[] = [];
  for (const chunkCount of options.isQuick ? [2000, 30_000] : [10_000, 100_000]) {
    const hasTarget = chunkCount === 100_000;
    lines.push(
      ...(await withFolder((folder) =>
        measureStore(print, folder, { chunkCount, hasTarget, isQuick: options.isQuick }),
      )),
    );
  }
  lines.push(await withFolder((folder) => measureManyStores(folder, options.isQuick ? 100 : 1000)));
  return {
    title: `Search: ${MODEL.dimensions} dimensions, chunks of ${WORDS_PER_CHUNK} words, the best ${LIMIT}`,
    lines,
  };
}

interface Size {
  readonly chunkCount: number;
  readonly hasTarget: boolean;
  readonly isQuick: boolean;
}

async function measureStore(print: Print, folder: string, { chunkCount, hasTarget, isQuick }: Size): Promise<Line[]> {
  const rows = structuredRows(1, MODEL.dimensions);
  const writing = start(folder);
  await writing.open(STORE, MODEL);
  const writeMs = await timed(() => fill(writing, rows, chunkCount));
  const buildMs = await timed(() => writing.settled());
  print(`  ${chunkCount} chunks written in ${seconds(writeMs)}, the graph complete ${seconds(buildMs)} after`);
  await writing.closeAll();

  const before = process.memoryUsage.rss();
  const index = start(folder);
  // Another store starts the threads first, so that only the opening of a store is timed.
  await index.open('vs_warm', MODEL);
  const coldMs = await timed(() => index.open(STORE, MODEL));
  const firstMs = await timed(() => index.search(STORE, hybrid(rows)));
  const count = isQuick ? 200 : 1000;
  const vectors = Array.from({ length: count }, () => rows.vector());
  const vectorMs = await measure(vectors.map((vector) => () => index.search(STORE, byVector(vector))));
  const hybridMs = await measure(
    Array.from({ length: count }, () => hybrid(rows)).map((query) => () => index.search(STORE, query)),
  );
  const perSecond = await throughput(index, rows, count);
  const memory = process.memoryUsage.rss() - before;
  const filteredMs = await measure(
    Array.from({ length: count / 4 }, (_, n) => hybrid(rows, n % 100)).map((query) => () => index.search(STORE, query)),
  );
  const emptyMs = await measure(Array.from({ length: count / 4 }, () => () => index.listFiles('vs_warm')));
  const { mode, diskBytes, graph } = await index.stats(STORE);
  await index.closeAll();
  const raw = mode === 'graph' ? rawGraph(folder, vectors) : null;

  const name = `${chunkCount.toLocaleString('en')} chunks (${mode})`;
  const rawP50 = raw === null ? null : quantile(raw, 0.5);
  const ratio = rawP50 === null ? null : quantile(vectorMs, 0.5) / rawP50;
  const target = (limitMs: number, ms: number) =>
    hasTarget ? { text: `≤ ${limitMs} ms`, isMet: ms <= limitMs } : undefined;
  const both = (values: readonly number[]) =>
    `p50/p99 ${quantile(values, 0.5).toFixed(2)}/${quantile(values, 0.99).toFixed(2)} ms`;
  const hybridP50 = quantile(hybridMs, 0.5);
  const hybridP99 = quantile(hybridMs, 0.99);
  return [
    {
      what: `${name}: hybrid p50`,
      measured: millis(hybridP50),
      target: target(TARGETS.hybridP50Ms, hybridP50),
      note: `${Math.round(perSecond)} a second with ${OUTSTANDING} outstanding`,
    },
    { what: `${name}: hybrid p99`, measured: millis(hybridP99), target: target(TARGETS.hybridP99Ms, hybridP99) },
    { what: `${name}: hybrid behind a filter of 1 in 100`, measured: both(filteredMs) },
    {
      what: `${name}: vectors alone`,
      measured: ratio === null ? both(vectorMs) : times(ratio),
      target:
        ratio !== null && hasTarget
          ? { text: `≤ ${TARGETS.rawRatio}× raw`, isMet: ratio <= TARGETS.rawRatio }
          : undefined,
      note:
        raw === null
          ? undefined
          : `${both(vectorMs)}, ${graph?.indexedRows ?? 0} rows in the graph and the others compared; usearch alone, in this thread and without texts, ${both(raw)}; an empty call to the thread ${both(emptyMs)}`,
    },
    {
      what: `${name}: cold open`,
      measured: millis(coldMs),
      target: target(TARGETS.coldOpenMs, coldMs),
      note: `first search ${millis(firstMs)}`,
    },
    {
      what: `${name}: memory a million chunks`,
      measured: megabytes((memory / chunkCount) * 1_000_000),
      note: `extrapolated from ${megabytes(memory)}, mapped files counted; on disk ${megabytes(diskBytes)}`,
    },
  ];
}

function start(folder: string): LocalIndex {
  let tokens = 0;
  return createLocalIndex({
    folder,
    workerCount: 1,
    memoryBytesMax: 2 ** 30,
    openStoresMax: 1024,
    newToken: () => `token-${++tokens}`,
    buildThreadCount: availableParallelism(),
  });
}

async function fill(index: LocalIndex, rows: StructuredRows, chunkCount: number): Promise<void> {
  for (let n = 0; n < chunkCount / CHUNKS_PER_FILE; n += 1) {
    await index.upsertFile(STORE, rows.file(`file-${n}`, CHUNKS_PER_FILE, { hundredth: n % 100 }, WORDS_PER_CHUNK));
  }
}

function byVector(vector: Float32Array): IndexQuery {
  return {
    texts: [],
    vectors: [vector],
    filter: null,
    embeddingWeight: 1,
    textWeight: 1,
    calibration: UNCALIBRATED,
    limit: LIMIT,
  };
}

function hybrid(rows: StructuredRows, hundredth: number | null = null): IndexQuery {
  const filter = hundredth === null ? null : ({ type: 'eq', key: 'hundredth', value: hundredth } as const);
  return { ...byVector(rows.vector()), texts: [rows.text(WORDS_PER_QUERY)], filter };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function measure(calls: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  for (const call of calls.slice(0, 20)) await call();
  const ms: number[] = [];
  for (const call of calls) ms.push(await timed(call));
  return ms;
}

async function throughput(index: LocalIndex, rows: StructuredRows, count: number): Promise<number> {
  const queries = Array.from({ length: count }, () => hybrid(rows)).values();
  const work = async () => {
    for (const query of queries) await index.search(STORE, query);
  };
  const ms = await timed(() => Promise.all(Array.from({ length: OUTSTANDING }, work)));
  return (count / ms) * 1000;
}

/** The library alone, on the graph of the index. */
function rawGraph(folder: string, vectors: readonly Float32Array[]): number[] {
  const { Index, MetricKind, ScalarKind }: typeof import('usearch') = createRequire(
    new URL('../../packages/retrieval/package.json', import.meta.url),
  )('usearch');
  const name = readdirSync(folder).find((file) => file.startsWith(STORE) && file.endsWith('.graph'));
  if (name === undefined) throw new Error('The index has no graph.');
  const { dimensions } = MODEL;
  const graph = new Index({ dimensions, metric: MetricKind.IP, quantization: ScalarKind.F16, ...RAW_SHAPE });
  graph.view(join(folder, name));
  for (const vector of vectors) graph.search(vector, LIMIT, 1);
  return vectors.map((vector) => {
    const startedAt = performance.now();
    graph.search(vector, LIMIT, 1);
    return performance.now() - startedAt;
  });
}

async function measureManyStores(folder: string, storeCount: number): Promise<Line> {
  const index = start(folder);
  const rows = structuredRows(2, MODEL.dimensions);
  const ids = Array.from({ length: storeCount }, (_, n) => `vs_${n}`);
  for (const id of ids) {
    await index.open(id, MODEL);
    await index.upsertFile(id, rows.file('file', 3));
    await index.close(id);
  }
  const before = process.memoryUsage.rss();
  const openMs: number[] = [];
  const search = (id: string) => index.search(id, { ...hybrid(rows), limit: 3 });
  for (const id of ids) openMs.push(await timed(() => search(id)));
  const bytes = process.memoryUsage.rss() - before;
  const againMs: number[] = [];
  for (const id of ids) againMs.push(await timed(() => search(id)));
  await index.closeAll();
  return {
    what: `${storeCount} stores of 3 chunks open at once`,
    measured: megabytes(bytes),
    note: `opened and searched in ${millis(quantile(openMs, 0.5))} (p99 ${millis(quantile(openMs, 0.99))}), searched again in ${millis(quantile(againMs, 0.5))} (p99 ${millis(quantile(againMs, 0.99))})`,
  };
}
