import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { openLogFile } from './log-file.mjs';
import { spawnNode24 } from './run-node.mjs';

const KILL_AFTER_MS = 15_000;
/** Ctrl+C reaches the children too: a child that ends within this time before a stop has not failed. */
const BLAME_DELAY_MS = 200;

/**
 * Runs several Node 24 processes as one: when one ends unexpectedly, `failed` aborts with the reason. `stop` ends them in
 * the order of their start, with a signal first and a kill after 15 s.
 * @param {{ sleep?: (ms: number, signal?: AbortSignal) => Promise<void> }} [options] `sleep` rejects when it is aborted.
 */
export function createSupervisor({ sleep = (ms, signal) => delay(ms, undefined, { signal }) } = {}) {
  /** @type {{ name: string, child: import('node:child_process').ChildProcess, ended: Promise<void> }[]} */
  const services = [];
  const failure = new AbortController();
  let isStopping = false;

  return {
    failed: failure.signal,

    /**
     * @param {{
     *   name: string,
     *   args: string[],
     *   env: Record<string, string | undefined>,
     *   cwd?: string,
     *   logPath: string,
     *   onOutput?: (chunk: Buffer) => void,
     * }} service `onOutput` gets what the log gets.
     */
    start({ name, args, env, cwd, logPath, onOutput = () => {} }) {
      const log = openLogFile(logPath);
      const child = spawnNode24(args, { env, ...(cwd ? { cwd } : {}), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk) => {
          log.write(chunk);
          onOutput(chunk);
        });
      }
      const ended = new Promise((/** @type {(value: void) => void} */ resolve) => {
        child.once('error', (cause) => {
          failure.abort(new Error(`${name} could not be started: ${cause.message}`, { cause }));
          resolve();
        });
        child.once('close', async (code, signal) => {
          resolve();
          await sleep(BLAME_DELAY_MS);
          if (isStopping) return;
          const how = signal ? `was killed (${signal})` : `exited unexpectedly with code ${code}`;
          failure.abort(new Error(`${name} ${how}. The end of its log, ${logPath}:\n\n${log.tail()}`));
        });
      });
      services.push({ name, child, ended });
      return child;
    },

    /** Ends every process; resolves when all are gone. */
    async stop() {
      isStopping = true;
      for (const { child, ended } of services) {
        askToStop(child);
        const patience = new AbortController();
        sleep(KILL_AFTER_MS, patience.signal).then(
          () => child.kill('SIGKILL'),
          () => {},
        );
        await ended;
        patience.abort();
      }
    },

    /** Kills every process at once. */
    kill() {
      isStopping = true;
      for (const { child } of services) child.kill('SIGKILL');
    },
  };
}

/** @param {import('node:child_process').ChildProcess} child */
function askToStop(child) {
  // On Windows SIGTERM kills at once; there a closed IPC channel asks the process to stop.
  if (process.platform === 'win32' && child.connected) child.disconnect();
  else child.kill('SIGTERM');
}
