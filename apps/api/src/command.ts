import { resolve } from 'node:path';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { AppError } from '@espejo/core';
import { describeStartFailure } from './data-folder/describe-start-failure.ts';

// A function that is being compiled on another thread can keep a process from ending (nodejs/node#54918).
setFlagsFromString('--no-concurrent-sparkplug');

/** The data folder of a command, resolved as by the API. */
export function commandDataDir(env: NodeJS.ProcessEnv): string {
  return resolve(env.ESPEJO_DATA_DIR || './data');
}

/**
 * Runs an operator's command. Only its owner may read what it writes. An error becomes one sentence and exit code 1:
 * its own message for `Faults` and errors with a code, otherwise the one that a failed start has.
 */
export async function runCommand(
  work: () => Promise<void>,
  Faults: readonly (abstract new (...args: never[]) => Error)[],
): Promise<void> {
  process.umask(0o077);
  try {
    await work();
  } catch (cause) {
    const isOurs = cause instanceof AppError || Faults.some((Fault) => cause instanceof Fault);
    const place = { dataDir: commandDataDir(process.env), host: '', port: 0 };
    const message = isOurs && cause instanceof Error ? cause.message : describeStartFailure(cause, place).message;
    console.error(`Not done: ${message}`);
    if (process.env.LOG_LEVEL === 'debug' && cause instanceof Error) console.error(cause.stack);
    process.exitCode = 1;
  }
}
