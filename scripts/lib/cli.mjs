import process from 'node:process';

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
