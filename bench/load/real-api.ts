import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { API_ARGS } from '../../scripts/lib/api-args.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
const LISTENING = /Server listening at (http:\/\/[\d.]+:\d+)/;
/** Lines of the log at these levels are errors. */
const FAILURE = /"level":[56]0/;
const FAILURES_SHOWN = 5;

/** The owner's key of the process under load. */
export const OWNER_KEY = 'bench-load-owner-key';

/** `apps/api/src/main.ts` in a separate process, started as by `npm start`, with its log in a file. */
export interface RealApi {
  readonly url: string;
  /** Errors in its log, the first few in full. */
  failures(): { readonly count: number; readonly first: readonly string[] };
  /** Sends SIGTERM; returns the exit code. */
  stop(): Promise<number | null>;
}

export async function startRealApi(options: { dataDir: string; upstreamUrl: string }): Promise<RealApi> {
  const logPath = join(options.dataDir, 'log');
  const logFile = openSync(logPath, 'a');
  const child = spawn(process.execPath, API_ARGS, {
    cwd: ROOT,
    stdio: ['ignore', logFile, logFile, 'ipc'],
    env: {
      PATH: process.env.PATH,
      API_PORT: '0',
      ESPEJO_DATA_DIR: options.dataDir,
      ESPEJO_API_KEY: OWNER_KEY,
      ESPEJO_SYNC_CRON: '* * * * *',
      OPENAI_BASE_URL: options.upstreamUrl,
      OPENAI_API_KEY: 'sk-bench',
    },
  });
  closeSync(logFile);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    url: await listening(child, logPath),
    failures() {
      const lines = readFileSync(logPath, 'utf8')
        .split('\n')
        .filter((line) => FAILURE.test(line));
      return { count: lines.length, first: lines.slice(0, FAILURES_SHOWN) };
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function listening(child: ChildProcess, logPath: string): Promise<string> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && performance.now() < deadline) {
    const url = LISTENING.exec(readFileSync(logPath, 'utf8'))?.[1];
    if (url !== undefined) return url;
    await delay(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`The API did not start:\n${readFileSync(logPath, 'utf8')}`);
}
