import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

// A function that is being compiled on another thread can keep a process from ending (nodejs/node#54918).
setFlagsFromString('--no-concurrent-sparkplug');

/**
 * Runs a script's main function: an error is printed as one line and sets exit code 1.
 * @param {() => Promise<void>} main
 */
export function runCli(main) {
  main().catch((error) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`\n${message}`);
    if (process.env.ESPEJO_DEBUG && error instanceof Error) console.error(error.stack);
    process.exit(1);
  });
}

/** @param {number} ms */
export function formatDuration(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
