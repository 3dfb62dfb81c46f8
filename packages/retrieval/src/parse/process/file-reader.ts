import type { Socket } from 'node:net';
import type { FileToParse, ParseResult } from '../port.ts';
import { type Answer, createAnswerReader } from './answer-frame.ts';
import { OVER_MEMORY } from './guard-data.ts';
import { type ParserProcess, type ProcessOptions, startProcess } from './start-process.ts';

/** The outcome of a file: its parser's result, or why its process ended. */
export type ReadOutcome = ParseResult | 'memory' | 'time' | 'fault';

/** Events of parser processes; each is counted. */
export type ParserEvent = 'started' | 'ended_for_memory' | 'ended_for_time' | 'crashed';

export interface FileReaderOptions extends ProcessOptions {
  /** A file that takes longer fails. */
  readonly timeoutMs: number;
  readonly onEvent?: ((event: ParserEvent) => void) | undefined;
}

/** Reads one file at a time, in a process that is started when it is needed. */
export interface FileReader {
  read(file: FileToParse): Promise<ReadOutcome>;
  /** Ends the process, and with it the current file, whose outcome is `fault`. Resolves when it has ended. */
  end(): Promise<void>;
}

/** A process that uses more than this after a file is replaced. */
const KEPT_SHARE_MAX = 0.5;
/** A process is replaced after so many files, whatever memory they left. */
const FILES_MAX = 1_000;
/** A process without files is ended after this long. */
const IDLE_MS = 30_000;
/** Starting takes a fraction of a second, and much longer on a machine that is busy. */
const START_TIMEOUT_MS = 60_000;
/** How much of a process's stderr is kept: its end names the reason. */
const LAST_WORDS_UNITS = 8_192;
const ENGINE_OUT_OF_MEMORY = /out of memory|Allocation failed/i;

const EVENT_OF = { memory: 'ended_for_memory', time: 'ended_for_time', fault: 'crashed' } as const;

interface Live {
  readonly process: ParserProcess;
  /** Called with the answer of the process, or with why it ended. */
  onOutcome: (outcome: Answer['outcome'] | 'time') => void;
  rssBytes: number;
  files: number;
  isEnded: boolean;
  /** The caller has aborted the file. */
  isGivenUp: boolean;
}

export function createFileReader(entry: URL, options: FileReaderOptions): FileReader {
  const { timeoutMs, memoryMb, onEvent } = options;
  let live: Live | undefined;
  let idle: NodeJS.Timeout | undefined;
  const going = new Set<Promise<void>>();

  function start(): Live {
    const process = startProcess(entry, options);
    onEvent?.('started');
    const gone = Promise.withResolvers<void>();
    const started: Live = {
      process,
      onOutcome: () => undefined,
      rssBytes: 0,
      files: 0,
      isEnded: false,
      isGivenUp: false,
    };
    going.add(gone.promise);
    let lastWords = '';
    const answers = createAnswerReader(({ outcome, rssBytes }) => {
      started.rssBytes = rssBytes;
      started.onOutcome(outcome);
    });
    process.answers.on('data', (piece: Buffer) => {
      try {
        if (!started.isEnded) answers.push(piece);
      } catch {
        retire(started);
        started.onOutcome('fault');
      }
    });
    process.errors.on('data', (piece: Buffer) => {
      lastWords = `${lastWords}${piece.toString('latin1')}`.slice(-LAST_WORDS_UNITS);
    });
    const onGone = () => {
      const isOver = lastWords.includes(OVER_MEMORY) || ENGINE_OUT_OF_MEMORY.test(lastWords);
      if (live === started) live = undefined;
      started.isEnded = true;
      started.onOutcome(isOver ? 'memory' : 'fault');
      going.delete(gone.promise);
      gone.resolve();
    };
    process.child.once('close', onGone);
    process.child.once('error', onGone);
    // A broken pipe is noticed by the end of the process.
    for (const pipe of [process.requests, process.answers, process.errors]) pipe.on('error', () => undefined);
    return started;
  }

  /** The next outcome of this process, or `time` when there is none in time. */
  function outcomeOf(of: Live, ms: number): Promise<Answer['outcome'] | 'time'> {
    const { promise, resolve } = Promise.withResolvers<Answer['outcome'] | 'time'>();
    const timer = setTimeout(() => resolve('time'), ms);
    of.onOutcome = resolve;
    return promise.finally(() => {
      clearTimeout(timer);
      of.onOutcome = () => undefined;
    });
  }

  async function read(file: FileToParse): Promise<ReadOutcome> {
    clearTimeout(idle);
    if (live === undefined) {
      const started = start();
      live = started;
      const first = await outcomeOf(started, START_TIMEOUT_MS);
      if (first !== null) {
        retire(started);
        if (!started.isGivenUp) onEvent?.('crashed');
        return 'fault';
      }
    }
    const at = live;
    // It may have ended between two files, for instance because the system was short of memory.
    if (at === undefined || at.isEnded) return 'fault';
    setRefs(at, true);
    const ending = outcomeOf(at, timeoutMs);
    at.process.requests.write(`${JSON.stringify(file)}\n`);
    const outcome = (await ending) ?? 'fault';
    at.files += 1;
    setRefs(at, false);
    if (typeof outcome === 'string') {
      retire(at);
      if (!at.isGivenUp) onEvent?.(EVENT_OF[outcome]);
    } else if (at.files >= FILES_MAX || at.rssBytes > memoryMb * 2 ** 20 * KEPT_SHARE_MAX) retire(at);
    else {
      idle = setTimeout(() => retire(at), IDLE_MS);
      idle.unref();
    }
    return outcome;
  }

  /** The process must not be used again; the next file gets a new one. */
  function retire(of: Live): void {
    of.isEnded = true;
    if (live === of) live = undefined;
    // Its end is awaited, so this process must not exit before it.
    setRefs(of, true);
    of.process.child.kill('SIGKILL');
  }

  return {
    read,
    async end() {
      clearTimeout(idle);
      if (live !== undefined) {
        live.isGivenUp = true;
        retire(live);
      }
      await Promise.all(going);
    },
  };
}

/** An idle parser process does not keep this one alive. */
function setRefs({ process }: Live, isRef: boolean): void {
  const pipes = [process.requests, process.answers, process.errors] as unknown as Socket[];
  for (const handle of [process.child, ...pipes]) {
    if (isRef) handle.ref();
    else handle.unref();
  }
}
