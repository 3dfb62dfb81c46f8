import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { FileToParse, ParseResult } from '../port.ts';
import { type Answer, encodeAnswer } from './answer-frame.ts';
import type { GuardData } from './guard-data.ts';

/** Answers have their own descriptor, separate from what a library prints. */
const ANSWERS_FD = 3;

/**
 * The main loop of a parser process: one file per line from stdin, one answer each, until stdin ends. An exception is
 * no error in the file: the answer is `fault`, and the parent starts a new process.
 */
export function serveFiles(parse: (file: FileToParse) => Promise<ParseResult>): void {
  // A signal to the whole group is handled by the parent, which ends this process after the current file.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  const [memoryMb, parentPid] = process.argv.slice(2).map(Number);
  const guard = new Worker(new URL('./memory-guard.ts', import.meta.url), {
    workerData: { memoryBytes: (memoryMb ?? 0) * 2 ** 20, parentPid: parentPid ?? 0 } satisfies GuardData,
    // It needs little memory, and its reserve counts against the limit of the process.
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, codeRangeSizeMb: 8 },
  });
  // No file is read without it.
  guard.on('error', () => process.exit(1));
  guard.once('message', () => {
    answer(null);
    const lines = createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      parse(JSON.parse(line) as FileToParse).then(answer, (error: unknown) => {
        answer(isOutOfMemory(error) ? 'memory' : 'fault');
      });
    });
    lines.on('close', () => process.exit(0));
  });
}

/** V8's errors for a buffer or a text that is too large. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof RangeError && /allocation failed|Invalid (string|array|typed array) length/i.test(error.message)
  );
}

function answer(outcome: Answer['outcome']): void {
  for (const bytes of encodeAnswer({ outcome, rssBytes: process.memoryUsage.rss() })) {
    for (let at = 0; at < bytes.length; ) at += writeSync(ANSWERS_FD, bytes, at);
  }
}
