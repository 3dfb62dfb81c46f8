import { resolve } from 'node:path';
import process from 'node:process';
import { AppError } from '@espejo/core';
import { describeStartFailure } from './data-folder/describe-start-failure.ts';

/** The data folder of a command, as the API resolves it. */
export function commandDataDir(env: NodeJS.ProcessEnv): string {
  return resolve(env.ESPEJO_DATA_DIR || './data');
}

/**
 * Runs a command of an operator. What it writes is its owner's alone. A failure becomes one sentence and exit code 1: of `Faults`
 * and of errors with a code their own, of all else what ends a start too.
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
