import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type ConsoleClient, createConsoleClient } from '@espejo/contracts';
import { API_KEY, ROOT } from './espejo.ts';

const NODE = join(ROOT, 'node_modules/.bin/node');
const LISTENING = /Server listening at (http:\/\/[\d.]+:\d+)/;
const LOG_LINES_KEPT = 200;

export interface ApiOptions {
  readonly dataDir: string;
  readonly upstreamUrl: string;
  readonly upstreamKey: string;
  /** The compile cache of Node. */
  readonly compileCacheDir: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** The API as a separate process without npm: starts quickly and ends at the first kill. */
export interface ApiProcess {
  /** Its URL; null if it ended before it listened. */
  readonly ready: Promise<string | null>;
  readonly exited: Promise<void>;
  readonly isKilled: boolean;
  /** The last lines it printed. */
  readonly log: string;
  call: ConsoleClient;
  /** `kill -9`, without waiting for the end. */
  kill(): void;
  /** Sends SIGTERM; resolves at the end. */
  stop(): Promise<void>;
}

/** Starts the API on a free port, without schedules and with a removal grace of 0. */
export function spawnApi(options: ApiOptions): ApiProcess {
  const child = spawn(NODE, ['apps/api/src/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: options.compileCacheDir,
      NODE_NO_WARNINGS: '1',
      OPENAI_BASE_URL: options.upstreamUrl,
      OPENAI_API_KEY: options.upstreamKey,
      ESPEJO_DATA_DIR: options.dataDir,
      ESPEJO_API_KEY: API_KEY,
      ESPEJO_SYNC_ENABLED: 'false',
      ESPEJO_REMOVAL_GRACE_S: '0',
      API_PORT: '0',
      LOG_LEVEL: 'info',
      ...options.env,
    },
  });
  let lines: string[] = [];
  let isKilled = false;
  let isEnded = false;
  let url: string | null = null;
  const ready = Promise.withResolvers<string | null>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      lines = [...lines, ...chunk.split('\n')].slice(-LOG_LINES_KEPT);
      url ??= LISTENING.exec(chunk)?.[1] ?? null;
      if (url !== null) ready.resolve(url);
    });
  }
  const exited = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      isEnded = true;
      ready.resolve(null);
      resolve();
    });
  });
  return {
    ready: ready.promise,
    exited,
    get isKilled() {
      return isKilled;
    },
    get log() {
      return lines.join('\n');
    },
    call: (operation, input) => createConsoleClient({ baseUrl: url ?? '', apiKey: API_KEY })(operation, input),
    kill() {
      if (isEnded || isKilled) return;
      isKilled = true;
      child.kill('SIGKILL');
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
