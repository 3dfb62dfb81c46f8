import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type GuardData, OVER_MEMORY } from './guard-data.ts';

/*
 * A thread that ends its own process: when it exceeds its memory, as counted by the operating system, and when its
 * parent process has ended. It has its own event loop, so that a parser that never returns cannot block it.
 */

const EVERY_MS = 20;
const STDERR = 2;

const { memoryBytes, parentPid } = workerData as GuardData;

setInterval(() => {
  const isOver = process.memoryUsage.rss() > memoryBytes;
  if (isOver) writeSync(STDERR, OVER_MEMORY);
  if (isOver || process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL');
}, EVERY_MS);

// The guard is running from here on.
parentPort?.postMessage(null);
