import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type GuardData, OVER_MEMORY } from './guard-data.ts';

/*
 * A thread that ends its own process: when it holds more memory than it may, as the operating system counts it, and when
 * whoever started it is gone. It has its own event loop, so that a parser that never comes back cannot keep it from
 * looking.
 */

const EVERY_MS = 20;
const STDERR = 2;

const { memoryBytes, parentPid } = workerData as GuardData;

setInterval(() => {
  const isOver = process.memoryUsage.rss() > memoryBytes;
  if (isOver) writeSync(STDERR, OVER_MEMORY);
  if (isOver || process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL');
}, EVERY_MS);

// From here on it looks.
parentPort?.postMessage(null);
