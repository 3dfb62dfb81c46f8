import { chooseTurn, EMPTY_TURN_BOOK, recordSpending, recordTurn, type Waiting } from '@espejo/core';
import type { ParseFailure, ParseOptions, ParseResult, Parser } from './port.ts';
import { createFileReader, type FileReader, type FileReaderOptions, type ReadOutcome } from './process/file-reader.ts';

export interface ParserPoolOptions extends FileReaderOptions {
  /** Files read at the same time, each in a process of its own. */
  readonly processes: number;
}

type File = Parameters<Parser['parse']>[0];

interface Job {
  readonly file: File;
  readonly turn: Waiting;
  readonly onTurn: (() => Promise<void>) | undefined;
  readonly resolve: (result: ParseResult) => void;
  readonly reject: (reason: unknown) => void;
  /** The caller has aborted. */
  isGivenUp: boolean;
}

/** A slot for one process, and its current file. */
interface Slot {
  readonly reader: FileReader;
  job: Job | undefined;
}

const ENTRY = new URL('./process/parser-process.ts', import.meta.url);
const NO_TURN: Waiting = { tenantId: '', storeId: '' };

/**
 * Reads files in processes that can be ended: a file that takes too long or too much memory, as counted by the
 * operating system, fails, its process is replaced, and other files are not affected. Tenants, and stores within a
 * tenant, take turns. Processes start when there are files, end when there are none, and do not keep this one alive.
 */
export function createParserPool(options: ParserPoolOptions, entry: URL = ENTRY): Parser {
  const slots: Slot[] = Array.from({ length: options.processes }, () => ({
    reader: createFileReader(entry, options),
    job: undefined,
  }));
  const queue: Job[] = [];
  let book = EMPTY_TURN_BOOK;
  let isClosed = false;

  function startNext(): void {
    const slot = slots.find(({ job }) => job === undefined);
    if (slot === undefined) return;
    const index = chooseTurn(
      book,
      queue.map(({ turn }) => turn),
      performance.now(),
    );
    const job = index === undefined ? undefined : queue[index];
    if (index === undefined || job === undefined) return;
    queue.splice(index, 1);
    book = recordTurn(book, job.turn);
    slot.job = job;
    void run(slot, job);
    startNext();
  }

  async function run(slot: Slot, job: Job): Promise<void> {
    let startedAtMs = performance.now();
    try {
      await job.onTurn?.();
      startedAtMs = performance.now();
      if (!job.isGivenUp) job.resolve(resultOf(await slot.reader.read(job.file), options));
    } catch (cause) {
      job.reject(cause);
    }
    const nowMs = performance.now();
    book = recordSpending(book, job.turn.tenantId, nowMs - startedAtMs, nowMs);
    slot.job = undefined;
    startNext();
  }

  /** The only way to stop a running file is to end its process. */
  async function giveUp(job: Job, reason: unknown): Promise<void> {
    const queuedAt = queue.indexOf(job);
    if (queuedAt !== -1) queue.splice(queuedAt, 1);
    job.isGivenUp = true;
    job.reject(reason);
    await slots.find((slot) => slot.job === job)?.reader.end();
  }

  return {
    async parse(file, { signal, turn = NO_TURN, onTurn }: ParseOptions = {}) {
      signal?.throwIfAborted();
      if (isClosed) throw new Error('The parser is closed.');
      const { promise, resolve, reject } = Promise.withResolvers<ParseResult>();
      const job: Job = { file, turn, onTurn, resolve, reject, isGivenUp: false };
      const onAbort = () => void giveUp(job, signal?.reason);
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
      const jobs = [...queue, ...slots.flatMap(({ job }) => job ?? [])];
      await Promise.all(jobs.map((job) => giveUp(job, closed)));
      await Promise.all(slots.map(({ reader }) => reader.end()));
    },
  };
}

function resultOf(outcome: ReadOutcome, { memoryMb, timeoutMs }: ParserPoolOptions): ParseResult {
  switch (outcome) {
    case 'memory':
      return failed(
        'invalid_file',
        `Reading the file takes more than ${memoryMb} MB of memory. Split it into smaller files.`,
      );
    case 'time':
      return failed('invalid_file', `Reading the file took longer than ${timeoutMs / 1000} seconds. Split it.`);
    case 'fault':
      return failed(
        'server_error',
        'The file could not be read because its parser failed. Upload it in another format.',
      );
    default:
      return outcome;
  }
}

function failed(code: ParseFailure['code'], message: string): ParseResult {
  return { ok: false, failure: { code, message } };
}
