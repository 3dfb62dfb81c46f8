import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CONSOLE_ROUTES, type ConsoleClient, createConsoleClient } from '@espejo/contracts';
import { type Answer, type RequestOptions, send } from './http.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const API_KEY = 'acceptance-key-5f2c';

const START_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 600_000;
/** The first of January: no scheduled sync starts during a test. */
const NEVER_BY_ITSELF = '0 0 1 1 *';
/** The environment without variables of Espejo. */
const OURS = /^(ESPEJO_|OPENAI_|EMBEDDINGS_|OTEL_|API_PORT$|PORT$|LOG_LEVEL$|npm_)/;

export interface EspejoOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Null: none is configured. */
  readonly apiKey?: string | null | undefined;
  /** Default: a new folder, removed at the end. */
  readonly dataDir?: string | undefined;
  /** True: runs the script of `npm run start:api` without npm, because npm does not pass on its exit code. */
  readonly isWithoutNpm?: boolean | undefined;
}

/** A running `npm run start:api`. */
export interface Espejo extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Its output so far. */
  readonly log: string;
  /** Every answer that this object has received, as text. */
  readonly transcript: readonly string[];
  /** Sends a request unchanged, with the owner's key unless `key` is set. */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** The typed client; every answer is validated against its contract. */
  readonly call: ConsoleClient;
  /** Sends SIGTERM as a service manager does, waits until all its processes have ended, and returns the exit code. */
  stop(): Promise<number | null>;
  /** `kill -9` of npm and everything below it. */
  kill(): Promise<void>;
}

/** Starts Espejo and waits until it is ready. Throws with its output if it ends before that. */
export async function startEspejo(options: EspejoOptions = {}): Promise<Espejo> {
  const apiKey = options.apiKey === undefined ? API_KEY : options.apiKey;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'espejo-acceptance-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = run(
    {
      API_PORT: String(port),
      ESPEJO_DATA_DIR: dataDir,
      ESPEJO_SYNC_CRON: NEVER_BY_ITSELF,
      ...(apiKey === null ? {} : { ESPEJO_API_KEY: apiKey }),
      ...options.env,
    },
    options.isWithoutNpm === true ? [process.execPath, 'scripts/start-api.mjs'] : ['npm', 'run', 'start:api'],
  );
  const { child, exited } = started;
  const transcript: string[] = [];
  const request = async (method: string, path: string, requestOptions: RequestOptions = {}): Promise<Answer> => {
    const answer = await send(url, method, path, { key: apiKey, ...requestOptions });
    transcript.push(answer.text);
    return answer;
  };
  async function kill(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, 'SIGKILL');
    await exited;
  }
  try {
    await waitReady(url, started);
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    url,
    port,
    dataDir,
    get log() {
      return started.log();
    },
    transcript,
    request,
    call: checkedClient(url, apiKey, transcript),
    async stop() {
      child.kill('SIGTERM');
      const code = await Promise.race([exited, delay(STOP_TIMEOUT_MS, 'late' as const, { ref: false })]);
      if (code === 'late') {
        await kill();
        throw new Error(`Espejo did not stop within ${STOP_TIMEOUT_MS / 1000} s.\n${started.log()}`);
      }
      return code;
    },
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs `npm run start:api` with an invalid configuration until it exits. */
export async function runEspejoToItsEnd(env: Record<string, string>): Promise<{ code: number | null; log: string }> {
  const { child, exited, log } = run(env, ['npm', 'run', 'start:api']);
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), START_TIMEOUT_MS);
  const code = await exited;
  clearTimeout(timer);
  return { code, log: log() };
}

/** Runs `npm run <name> -- <args>` to its end. */
export async function runCommand(
  name: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; log: string }> {
  const { exited, log } = run(env, ['npm', 'run', '--silent', name, '--', ...args]);
  return { code: await exited, log: log() };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

interface Started {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly log: () => string;
}

function run(env: Readonly<Record<string, string>>, [command, ...args]: readonly [string, ...string[]]): Started {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
  // A separate process group, so that kill -9 can reach all of it.
  const child = spawn(command, args, { cwd: ROOT, env: { ...inherited, ...env }, detached: true });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(String(chunk)));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    // `close`, not `exit`: the output is complete, and all child processes have ended.
    child.once('close', (code) => resolve(code));
  });
  return { child, exited, log: () => chunks.join('') };
}

async function waitReady(url: string, { child, log }: Started): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`Espejo ended with ${child.exitCode} before it was ready.\n${log()}`);
    const status = await fetch(`${url}/readyz`).then(
      async (response) => {
        await response.body?.cancel();
        return response.status;
      },
      () => 0,
    );
    if (status === 200) return;
    await delay(40);
  }
  throw new Error(`Espejo was not ready within ${START_TIMEOUT_MS / 1000} s.\n${log()}`);
}

function checkedClient(baseUrl: string, apiKey: string | null, transcript: string[]): ConsoleClient {
  const client = createConsoleClient({
    baseUrl,
    ...(apiKey === null ? {} : { apiKey }),
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      transcript.push(await response.clone().text());
      return response;
    },
  });
  return async (operation, input) => {
    const output = await client(operation, input);
    CONSOLE_ROUTES[operation].response.parse(output);
    return output;
  };
}
