import { Worker } from 'node:worker_threads';
import { type Chunk, type ChunkingStrategy, type ParsedDocument, TooManyTokens } from '@espejo/retrieval';
import type { ChunkRequest } from './chunk-worker.ts';

/** A thread that chunks documents: five million tokens take seconds, and the event loop must stay free. */
export interface ChunkThread {
  chunk(document: ParsedDocument, strategy: ChunkingStrategy): Promise<Chunk[]>;
  close(): Promise<void>;
}

type Answer =
  | { readonly id: number; readonly chunks: Chunk[] }
  | { readonly id: number; readonly tooMany: number | null; readonly message: string };

interface Waiting {
  readonly resolve: (chunks: Chunk[]) => void;
  readonly reject: (cause: unknown) => void;
}

/** The thread starts with the first document, and again with the next one after it died. */
export function createChunkThread(): ChunkThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let serial = 0;

  function start(): Worker {
    const started = new Worker(new URL('./chunk-worker.ts', import.meta.url), { name: 'chunk' });
    started.unref();
    started.on('message', (answer: Answer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('chunks' in answer) asked?.resolve(answer.chunks);
      else asked?.reject(answer.tooMany === null ? new Error(answer.message) : new TooManyTokens(answer.tooMany));
    });
    const onEnd = (cause: unknown) => {
      if (worker !== started) return;
      worker = undefined;
      for (const [id, { reject }] of waiting) {
        waiting.delete(id);
        reject(cause);
      }
    };
    started.on('error', onEnd);
    started.on('exit', () => onEnd(new Error('The chunking thread has ended.')));
    return started;
  }

  return {
    chunk(document, strategy) {
      worker ??= start();
      serial += 1;
      const request: ChunkRequest = { id: serial, document, strategy };
      const answer = new Promise<Chunk[]>((resolve, reject) => waiting.set(request.id, { resolve, reject }));
      worker.postMessage(request);
      return answer;
    },
    async close() {
      await worker?.terminate();
    },
  };
}
