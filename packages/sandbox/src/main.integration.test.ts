import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
});

/** Starts the sandbox in a process of its own and returns its URL; the port is any free one. */
async function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ url: string; output: string }> {
  const started = spawn(process.execPath, [MAIN, '--port', '0', ...args], { env: { ...process.env, ...env } });
  child = started;
  let output = '';
  for await (const chunk of started.stdout) {
    output += String(chunk);
    const url = /http:\S+\/v1/.exec(output)?.[0];
    if (url !== undefined && output.includes('Ctrl+C')) return { url, output };
  }
  throw new Error(`it ended: ${output}`);
}

const list = async (url: string, key: string) => {
  const answer = await fetch(`${url}/vector_stores?limit=100`, { headers: { authorization: `Bearer ${key}` } });
  return { status: answer.status, json: JSON.parse(await answer.text()) };
};

describe('the sandbox as a process', () => {
  it('serves the sample by default, the same for the same epoch, and stops on a signal', async () => {
    const epoch = ['--seed-epoch-ms', '1790000000000'];
    const { url, output } = await start(epoch);
    const first = await list(url, 'any');
    expect(first.json.data).toHaveLength(24);
    expect(output).toContain(`OPENAI_BASE_URL=${url}`);
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGTERM');
    expect(await ended).toBe(0);
    const again = await start(epoch);
    expect((await list(again.url, 'any')).json.data).toEqual(first.json.data);
  });

  it('reads keys, also for a second project, and settings from the environment', async () => {
    const { url } = await start(['--key', 'sk-a', '--key', 'sk-b=proj_b'], { SANDBOX_STORES: '3' });
    expect((await list(url, 'sk-a')).json.data).toHaveLength(3);
    expect((await list(url, 'sk-b')).json.data).toHaveLength(0);
    expect((await list(url, 'sk-c')).status).toBe(401);
  });

  it('reports invalid flags', async () => {
    const started = spawn(process.execPath, [MAIN, '--port', 'x']);
    child = started;
    let errors = '';
    started.stderr.on('data', (chunk) => {
      errors += String(chunk);
    });
    expect(await new Promise((resolve) => started.once('close', resolve))).toBe(1);
    expect(errors).toBe('--port is "x"; it must be a whole number.\n');
  });

  // Linux shows a process's memory in /proc.
  it.runIf(process.platform === 'linux')(
    'holds 10,000 stores and a million attachments in less than 1 GB',
    async () => {
      const { url } = await start(['--stores', '10000', '--attachments', '1000000']);
      const { json } = await list(url, 'any');
      expect(json).toMatchObject({ has_more: true, data: { length: 100 } });
      expect(json.data[0].file_counts.total).toBe(100);
      const peakKib = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child?.pid}/status`, 'utf8'))?.[1]);
      expect(peakKib).toBeGreaterThan(50_000);
      expect(peakKib).toBeLessThan(1_000_000);
    },
  );
});
