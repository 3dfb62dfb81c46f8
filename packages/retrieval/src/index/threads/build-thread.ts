/** Builds graphs: it takes minutes for a large store, so it has a thread of its own. */
import { workerData } from 'node:worker_threads';
import { buildGraph } from '../graph/build-graph.ts';
import type { BuildOutcome } from '../graph/build-queue.ts';
import { loadUsearch } from '../graph/usearch.ts';
import { answerCalls } from './calls.ts';
import { loadSqlite } from './load-native.ts';

const options = workerData as { folder: string; exactRowsMax: number; threadCount: number };

const methods = {
  build: (input: { storeId: string; isQuiet: boolean }): BuildOutcome => buildGraph({ ...options, ...input }),
};
export type BuildMethods = typeof methods;

answerCalls(methods, () => {
  loadSqlite();
  loadUsearch();
});
