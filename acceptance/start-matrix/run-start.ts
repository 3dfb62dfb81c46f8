import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { API_KEY, ROOT } from '../support/espejo.ts';

/** The project's own Node runs the tests. */
const NODE = process.execPath;
const LISTENING = /Server listening at (http:\/\/[\d.]+:\d+)/;
/** The user nobody: file modes and read-only mounts apply to it, unlike to root. */
const UNPRIVILEGED_ID = 65_534;

export interface StartOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as a user that is not root, also when the tests are. */
  readonly isUnprivileged?: boolean;
  /** A shell script that runs first, in its own mount namespace, and ends with `exec "$@"`. */
  readonly inOwnMounts?: string;
}

/** One start of the API as a separate process. */
export interface Start {
  readonly log: string;
  /** Null: it is still running. */
  readonly code: number | null;
  /** Its URL; null: it ended before it listened. */
  readonly url: string | null;
  /** Sends a request with the owner's key. */
  request(method: string, path: string, body?: unknown): Promise<Response>;
  /** Sends SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export const isRoot = process.getuid?.() === 0;
/** Whether private mounts are possible. */
export const hasOwnMounts = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0;
/** Whether an unprivileged user can run the program. */
export const hasUnprivileged =
  !isRoot || spawnSync(NODE, ['apps/api/src/main.ts', '--version'], userOptions({ PATH: '' })).error === undefined;

function userOptions(env: Record<string, string>) {
  return { cwd: ROOT, uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID, env: { ...env, API_PORT: 'none' } };
}

/** Starts the API on a folder and waits until it is ready or has ended. */
export async function startOn(options: StartOptions): Promise<Start> {
  const args = [NODE, 'apps/api/src/main.ts'];
  const [command = '', ...rest] =
    options.inOwnMounts === undefined ? args : ['unshare', '-m', 'sh', '-c', options.inOwnMounts, 'sh', ...args];
  const child = spawn(command, rest, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.isUnprivileged === true && isRoot && { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID }),
    env: {
      PATH: process.env.PATH ?? '',
      NODE_NO_WARNINGS: '1',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      OPENAI_API_KEY: 'sk-nobody-listens',
      ESPEJO_DATA_DIR: options.dataDir,
      ESPEJO_API_KEY: API_KEY,
      ESPEJO_SYNC_ENABLED: 'false',
      API_PORT: '0',
      ...options.env,
    },
  });
  let log = '';
  const listening = Promise.withResolvers<string | null>();
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      listening.resolve(null);
      resolve(code);
    });
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
      const found = LISTENING.exec(log)?.[1];
      if (found !== undefined) listening.resolve(found);
    });
  const url = await listening.promise;
  const request = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
  if (url !== null) while (child.exitCode === null && !(await request('GET', '/readyz')).ok) await delay(20);
  return {
    get log() {
      return log;
    },
    get code() {
      return child.exitCode;
    },
    url,
    request,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
