import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from './file-lock.mjs';
import { node24Path, toolEnv } from './paths.mjs';

/** A server that behaves like apps/api/src/main.ts: it ends on SIGTERM and when its IPC channel closes. */
const SERVER = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => response.end(String(process.pid)));
  server.listen(Number(process.env.API_PORT), '127.0.0.1');
  const stop = (code) => server.close(() => process.exit(code)).closeAllConnections();
  process.on('SIGTERM', () => stop(7));
  process.on('disconnect', () => stop(0));
`;

let folder: string;
let port: number;
let outer: ChildProcess | undefined;
let script: number;
let server: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'espejo-run-'));
  port = await freePort();
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  const library = new URL('./run-node.mjs', import.meta.url).href;
  writeFileSync(
    join(folder, 'script.mjs'),
    `import { runNode24 } from '${library}';
     console.log(process.pid);
     await runNode24(['${join(folder, 'server.mjs')}']);`,
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { go: 'node script.mjs' } }));
});
afterEach(async () => {
  for (const pid of [outer?.pid, script, server]) {
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
  rmSync(folder, { recursive: true });
});

/** Runs the script, with or without npm, until its server answers. */
async function start(command: string, args: string[]) {
  const env = toolEnv({ API_PORT: String(port), npm_lifecycle_event: command === 'npm' ? 'test' : undefined });
  outer = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  outer.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const answer = await eventually(() => get());
  server = Number(answer);
  script = Number(/^\d+$/m.exec(output)?.[0]);
  return outer;
}

const get = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries > 200) throw error;
      await sleep(50);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const allGone = () =>
  eventually(async () => {
    if (isAlive(server) || isAlive(script)) throw new Error('still alive');
    return true;
  });

describe('runNode24: a server ends with its script, and the script with npm', () => {
  it('forwards SIGTERM and exits with the code of the child', async () => {
    const process24 = await start(node24Path(), ['script.mjs']);
    process24.kill('SIGTERM');
    const [code] = await once(process24, 'exit');
    expect(code).toBe(7);
    expect(await allGone()).toBe(true);
  });

  it('ends the server when the script is killed with -9', async () => {
    const process24 = await start(node24Path(), ['script.mjs']);
    process24.kill('SIGKILL');
    expect(await allGone()).toBe(true);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('ends script and server when npm gets %s', async (signal) => {
    const npm = await start('npm', ['run', '--silent', 'go']);
    expect(script).not.toBe(npm.pid);
    npm.kill(signal);
    expect(await allGone()).toBe(true);
  });

  it('exits with the code of a killed process when the server is killed with -9', async () => {
    const process24 = await start(node24Path(), ['script.mjs']);
    process.kill(server, 'SIGKILL');
    const [code] = await once(process24, 'exit');
    expect(code).toBe(137);
  });
});
