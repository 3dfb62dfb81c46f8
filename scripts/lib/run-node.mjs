import { spawn } from 'node:child_process';
import process from 'node:process';
import { onParentGone } from './parent-watch.mjs';
import { node24Path, ROOT, toolEnv } from './paths.mjs';

const KILL_AFTER_MS = 15_000;
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Starts the project's Node 24. The child gets an IPC channel when `stdio` has one: if this process ends in any way, the
 * child's `disconnect` event fires, and it can exit instead of keeping its port.
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, cwd?: string, stdio?: import('node:child_process').StdioOptions }} [options]
 */
export function spawnNode24(args, { env = {}, cwd = ROOT, stdio = 'inherit' } = {}) {
  return spawn(node24Path(), args, { cwd, env: toolEnv(env), stdio });
}

/**
 * Runs a Node 24 process in place of this one: same terminal, signals forwarded, this process exits with the
 * child's code. When the npm that runs this script is stopped or killed, so is the child. Never returns.
 * @param {string[]} args
 * @param {Record<string, string | undefined>} [env]
 * @returns {Promise<never>}
 */
export async function runNode24(args, env = {}) {
  const child = spawnNode24(args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  onParentGone((how) => {
    child.kill(how === 'killed' ? 'SIGKILL' : 'SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => resolve(exitCode ?? exitCodeOf(signal)));
  });
  process.exit(code);
}

/** @param {NodeJS.Signals | null} signal */
export function exitCodeOf(signal) {
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
  return 128 + (signal !== null && signal in numbers ? numbers[/** @type {keyof typeof numbers} */ (signal)] : 1);
}
