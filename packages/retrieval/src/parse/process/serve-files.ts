import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { FileToParse, ParseResult } from '../port.ts';
import { type Answer, encodeAnswer } from './answer-frame.ts';
import type { GuardData } from './guard-data.ts';

/** Answers go here: what a library prints must not come between them. */
const ANSWERS_FD = 3;

/**
 * What a parser's process does: a file a line from stdin, an answer each, until stdin ends. What is thrown is no fault of
 * the file: `fault`, and whoever listens starts a new process.
 */
export function serveFiles(parse: (file: FileToParse) => Promise<ParseResult>): void {
  // A signal to the whole group is for whoever started this process, who ends it when the file under way is done with.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  const [memoryMb, parentPid] = process.argv.slice(2).map(Number);
  const guard = new Worker(new URL('./memory-guard.ts', import.meta.url), {
    workerData: { memoryBytes: (memoryMb ?? 0) * 2 ** 20, parentPid: parentPid ?? 0 } satisfies GuardData,
    // It needs next to nothing, and what it sets aside counts against what the process may hold.
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

/** What V8 says of a buffer or a text that there is no room for. */
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
