import { Worker } from 'node:worker_threads';
import type { ParseFailure, ParseResult, Parser } from './port.ts';

export interface ParserPoolOptions {
  /** Files parsed at the same time, each on a thread of its own. */
  readonly workers: number;
  /** What takes longer is given up. */
  readonly timeoutMs: number;
  /** Of JavaScript objects, a thread; bytes read are on top. */
  readonly memoryMb: number;
}

type File = Parameters<Parser['parse']>[0];

interface Job {
  readonly file: File;
  readonly resolve: (result: ParseResult) => void;
  readonly reject: (reason: unknown) => void;
}

/** A place for one thread, and the file it is at. */
interface Slot {
  worker: Worker | undefined;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

const WORKER_URL = new URL('./parse-worker.ts', import.meta.url);

/**
 * Parses files on threads that can be ended: a file that takes too long or too much memory fails alone, its thread is
 * replaced, and the others go on. Threads start with the first file and do not keep the process alive.
 */
export function createParserPool(options: ParserPoolOptions, workerUrl: URL = WORKER_URL): Parser {
  const slots: Slot[] = Array.from({ length: options.workers }, () => ({
    worker: undefined,
    job: undefined,
    timer: undefined,
  }));
  const queue: Job[] = [];
  let isClosed = false;

  function startNext(): void {
    const slot = slots.find((candidate) => candidate.job === undefined);
    if (slot === undefined) return;
    const job = queue.shift();
    if (job === undefined) return;
    run(slot, job);
    startNext();
  }

  function run(slot: Slot, job: Job): void {
    slot.job = job;
    slot.worker ??= startWorker(slot);
    slot.worker.ref();
    slot.timer = setTimeout(() => {
      const seconds = options.timeoutMs / 1000;
      replace(slot, failed('invalid_file', `Reading the file took longer than ${seconds} seconds. Split it.`));
    }, options.timeoutMs);
    slot.worker.postMessage(job.file);
  }

  function startWorker(slot: Slot): Worker {
    const worker = new Worker(workerUrl, {
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
      // A file's parser has no business with the settings and secrets of the process.
      env: {},
      execArgv: [],
    });
    const onLost = (error?: unknown) => {
      if (slot.worker === worker) replace(slot, failureOf(error, options.memoryMb));
    };
    worker.on('message', ({ result }: { result: ParseResult | null }) => {
      if (slot.worker !== worker) return;
      if (result === null) replace(slot, failureOf(undefined, options.memoryMb));
      else settle(slot, result);
    });
    // Both stay for good: what a thread says after it was given up must not go unheard, and changes nothing.
    worker.on('error', onLost);
    worker.on('exit', () => onLost());
    return worker;
  }

  /** The thread is not to be used again; the next file gets a new one. */
  function replace(slot: Slot, result: ParseResult): void {
    void slot.worker?.terminate();
    slot.worker = undefined;
    settle(slot, result);
  }

  function settle(slot: Slot, result: ParseResult): void {
    clearTimeout(slot.timer);
    slot.worker?.unref();
    slot.job?.resolve(result);
    slot.job = undefined;
    startNext();
  }

  /** A running file's thread has no way to stop but its end. */
  function giveUp(job: Job, reason: unknown): void {
    const queuedAt = queue.indexOf(job);
    if (queuedAt !== -1) queue.splice(queuedAt, 1);
    job.reject(reason);
    const slot = slots.find((candidate) => candidate.job === job);
    if (slot !== undefined) replace(slot, failureOf(reason, options.memoryMb));
  }

  return {
    async parse(file, signal) {
      signal?.throwIfAborted();
      if (isClosed) throw new Error('The parser is closed.');
      const { promise, resolve, reject } = Promise.withResolvers<ParseResult>();
      const job: Job = { file, resolve, reject };
      const onAbort = () => giveUp(job, signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      queue.push(job);
      startNext();
      try {
        return await promise;
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
    async close() {
      isClosed = true;
      const closed = new Error('The parser is closed.');
      for (const job of queue.splice(0)) job.reject(closed);
      const workers = slots.map((slot) => slot.worker);
      for (const { job } of slots) if (job !== undefined) giveUp(job, closed);
      await Promise.all(workers.map((worker) => worker?.terminate()));
    },
  };
}

function failureOf(error: unknown, memoryMb: number): ParseResult {
  const isOutOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isOutOfMemory
    ? failed('invalid_file', `Reading the file takes more than ${memoryMb} MB of memory. Split it into smaller files.`)
    : failed('server_error', 'The file could not be read because its parser failed. Upload it in another format.');
}

function failed(code: ParseFailure['code'], message: string): ParseResult {
  return { ok: false, failure: { code, message } };
}
