import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LISTENING = /Server listening at (http:\/\/[\d.]+:\d+)/;

export interface RunningEspejo extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
}

/**
Espejo as a separate process, on a free port and an empty data folder. Without an OpenAI key its connection is the
 * built-in sandbox with sample stores, so nothing leaves this machine.
 */
export async function startEspejo(): Promise<RunningEspejo> {
  const dataDir = await mkdtemp(join(tmpdir(), 'espejo-example-'));
  const apiKey = 'key-of-the-example';
  const child = spawn(process.execPath, ['apps/api/src/main.ts'], {
    cwd: ROOT,
    // With the IPC channel it exits when this process is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // No settings of this machine's environment, in particular no key of a real project.
    env: { PATH: process.env.PATH, API_PORT: '0', ESPEJO_API_KEY: apiKey, ESPEJO_DATA_DIR: dataDir, LOG_LEVEL: 'info' },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  let log = '';
  const url = await new Promise<string | undefined>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        log += chunk;
        const listening = LISTENING.exec(log);
        if (listening !== null) resolve(listening[1]);
      });
    }
    void ended.then(() => resolve(undefined));
  });
  if (url === undefined) {
    await stop();
    throw new Error(`Espejo did not start.\n${log}`);
  }
  return { url, apiKey, [Symbol.asyncDispose]: stop };
}
