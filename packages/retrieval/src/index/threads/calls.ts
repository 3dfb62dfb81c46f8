import { parentPort, type Worker } from 'node:worker_threads';
import { IndexError, type IndexErrorCode } from '../index-error.ts';

/** Functions that a thread offers to the one that started it; arguments and results are copied. */
// biome-ignore lint/suspicious/noExplicitAny: the argument of each method is its own; `never` would refuse every call.
export type Methods = Record<string, (input: any) => unknown>;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}

type Answer =
  | { readonly id: number; readonly isOk: true; readonly value: unknown }
  | { readonly id: number; readonly isOk: false; readonly message: string; readonly code: IndexErrorCode | null };

/** A thread sends this once: its native libraries are loaded. */
const LOADED = 'loaded';

/** In the thread: loads its native libraries, then answers calls one after the other. */
export function answerCalls(methods: Methods, loadNative: () => void): void {
  const port = parentPort;
  if (port === null) throw new Error('This file is the start of a thread.');
  loadNative();
  port.postMessage(LOADED);
  port.on('message', ({ id, method, input }: Call) => {
    void (async () => {
      try {
        port.postMessage({ id, isOk: true, value: await methods[method]?.(input) } satisfies Answer);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        port.postMessage({
          id,
          isOk: false,
          message,
          code: error instanceof IndexError ? error.code : null,
        } satisfies Answer);
      }
    })();
  });
}

export interface Caller<M extends Methods> {
  /** An abort ends the wait, and the call too while it is still queued. */
  call<K extends keyof M & string>(
    method: K,
    input: Parameters<M[K]>[0],
    options?: { transfer?: readonly ArrayBuffer[]; signal?: AbortSignal | undefined },
  ): Promise<Awaited<ReturnType<M[K]>>>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly call: Call;
  readonly transfer: readonly ArrayBuffer[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Calls sent to a thread before it has answered. Answers are received once per turn of the event loop, which is tens of
 * milliseconds on a busy server: with fewer the thread would be idle most of the time.
 */
const SENT_MAX = 16;

/**
 * The calling side. A thread that ended is started again for the next call; its unanswered calls fail. The queue is on
 * this side, so an aborted call costs the thread nothing.
 */
export function createCaller<M extends Methods>(startThread: () => Worker): Caller<M> {
  let worker: Worker | null = null;
  /** When the worker has loaded its native libraries, or ended. */
  let loaded: Promise<void> = Promise.resolve();
  let lastId = 0;
  let isStopped = false;
  const queue: Waiting[] = [];
  const sent = new Map<number, Waiting>();

  const start = (): Worker => {
    const started = startThread();
    // An idle thread keeps no process alive.
    started.unref();
    const { promise, resolve: resolveLoaded } = Promise.withResolvers<void>();
    loaded = promise;
    started.on('message', (answer: Answer | typeof LOADED) => {
      if (answer === LOADED) {
        resolveLoaded();
        return;
      }
      const waiting = sent.get(answer.id);
      sent.delete(answer.id);
      if (answer.isOk) waiting?.resolve(answer.value);
      else
        waiting?.reject(answer.code === null ? new Error(answer.message) : new IndexError(answer.code, answer.message));
      pump();
    });
    const end = (error: Error) => {
      resolveLoaded();
      if (worker !== started) return;
      worker = null;
      const lost = [...sent.values()];
      sent.clear();
      for (const waiting of lost) waiting.reject(error);
      if (!isStopped) pump();
    };
    started.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
    started.on('exit', (code) => end(new Error(`A thread of the index ended with code ${code}.`)));
    return started;
  };

  const pump = (): void => {
    while (sent.size < SENT_MAX) {
      const next = queue.shift();
      if (next === undefined) break;
      worker ??= start();
      sent.set(next.call.id, next);
      worker.postMessage(next.call, next.transfer);
    }
    if (sent.size > 0) worker?.ref();
    else worker?.unref();
  };

  return {
    call(method, input, { transfer = [], signal } = {}) {
      return new Promise((resolve, reject) => {
        if (isStopped) throw new IndexError('closed', 'The index is closed.');
        signal?.throwIfAborted();
        lastId += 1;
        const onAbort = () => {
          const at = queue.indexOf(waiting);
          if (at >= 0) queue.splice(at, 1);
          reject(signal?.reason);
        };
        const settled = () => signal?.removeEventListener('abort', onAbort);
        const waiting: Waiting = {
          call: { id: lastId, method, input },
          transfer,
          resolve: (value) => {
            settled();
            resolve(value as Awaited<ReturnType<M[typeof method]>>);
          },
          reject: (error) => {
            settled();
            reject(error);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        queue.push(waiting);
        pump();
      });
    },
    async stop() {
      isStopped = true;
      const stopping = worker;
      worker = null;
      const closed = new IndexError('closed', 'The index is closed.');
      for (const waiting of [...queue.splice(0), ...sent.values()]) waiting.reject(closed);
      sent.clear();
      // Ending a thread while a native library is being loaded crashes the process.
      stopping?.ref();
      await loaded;
      await stopping?.terminate();
    },
  };
}
