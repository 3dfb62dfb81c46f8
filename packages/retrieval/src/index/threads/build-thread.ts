/** Makes graphs: minutes of work for a large store, so it is nobody else's thread. */
import { workerData } from 'node:worker_threads';
import { buildGraph } from '../graph/build-graph.ts';
import { answerCalls } from './calls.ts';

const options = workerData as { folder: string; exactRowsMax: number; threadCount: number };

const methods = {
  build: ({ storeId }: { storeId: string }): boolean => buildGraph({ ...options, storeId }),
};
export type BuildMethods = typeof methods;

answerCalls(methods);
