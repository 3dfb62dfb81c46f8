import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSandboxControl, type SandboxControl } from './sandbox-control.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Only on January 1: no scheduled sync starts during a journey. */
const YEARLY_CRON = '0 0 1 1 *';
/** Settings of Espejo in the environment of this machine, which a journey must not use. */
const ESPEJO_SETTINGS = /^(ESPEJO_|OPENAI_|EMBEDDINGS_|API_PORT$|PORT$|SANDBOX_)/;

export interface Stack {
  /** The URL of the console. */
  readonly url: string;
  readonly apiUrl: string;
  /** The upstream project; null with the built-in sandbox. */
  readonly sandbox: SandboxControl | null;
  /** Another project of the same sandbox, by its key; null with the built-in sandbox. */
  projectOf(key: string): SandboxControl | null;
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Flags of `npm run sandbox`; left out: the built-in sandbox. */
  readonly sandboxFlags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `npm start` with its own sandbox and waits until the console answers. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const [port, apiPort, sandboxPort] = [await freePort(), await freePort(), await freePort()];
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-journey-'));
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const processes: Started[] = [];
  async function stop(): Promise<void> {
    await Promise.all(processes.map((one) => one.stop()));
    rmSync(dataDir, { recursive: true, force: true });
  }
  try {
    if (options.sandboxFlags !== undefined) {
      const flags = ['--port', String(sandboxPort), ...options.sandboxFlags];
      processes.push(await start('packages/sandbox/src/main.ts', flags, {}, /\/v1/));
    }
    const project =
      options.sandboxFlags === undefined ? {} : { OPENAI_BASE_URL: `${sandboxUrl}/v1`, OPENAI_API_KEY: 'sk-journey' };
    processes.push(
      await start(
        'scripts/start.mjs',
        [],
        {
          PORT: String(port),
          API_PORT: String(apiPort),
          ESPEJO_DATA_DIR: dataDir,
          ESPEJO_SYNC_CRON: YEARLY_CRON,
          ...project,
          ...options.env,
        },
        /Espejo is running/,
      ),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://localhost:${port}`,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    sandbox: options.sandboxFlags === undefined ? null : createSandboxControl(sandboxUrl),
    projectOf: (key) => (options.sandboxFlags === undefined ? null : createSandboxControl(sandboxUrl, key)),
    stop,
  };
}

interface Started {
  stop(): Promise<void>;
}

/** Starts a script and waits until its output matches `ready`; throws with the output when it exits before. */
async function start(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<Started> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ESPEJO_SETTINGS.test(name)));
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (ready.test(output)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void exited.then(() => reject(new Error(`${script} ended before it was ready:\n${output}`)));
  });
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
