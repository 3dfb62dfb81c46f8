import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from './file-lock.mjs';
import { createSupervisor } from './supervisor.mjs';

/** Says when it runs and when it was asked to end; `stubborn` does not. */
const SERVICE = `
  const [name, kind] = process.argv.slice(2);
  console.log(name + ' runs');
  if (kind === 'dies') setTimeout(() => { console.error('no disk'); process.exit(3); }, 50);
  process.on('SIGTERM', () => { console.log(name + ' was asked'); if (kind !== 'stubborn') setTimeout(() => process.exit(0), 50); });
  setInterval(() => {}, 1000);
`;

let folder: string;
let supervisor: ReturnType<typeof createSupervisor>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espejo-supervisor-'));
  writeFileSync(join(folder, 'service.mjs'), SERVICE);
  supervisor = createSupervisor({ killAfterMs: 300 });
});
afterEach(async () => {
  supervisor.kill();
  await supervisor.stop();
  rmSync(folder, { recursive: true });
});

const logOf = (name: string) => join(folder, `${name}.log`);
async function start(name: string, kind = 'good') {
  const args = [join(folder, 'service.mjs'), name, kind];
  const child = supervisor.start({ name, args, env: {}, logPath: logOf(name) });
  while (!readLog(name).includes('runs')) await sleep(10);
  return child;
}
function readLog(name: string): string {
  try {
    return readFileSync(logOf(name), 'utf8');
  } catch {
    return '';
  }
}
const failure = () =>
  new Promise<string>((resolve) =>
    supervisor.failed.addEventListener('abort', () => resolve(String(supervisor.failed.reason)), { once: true }),
  );

describe('createSupervisor', () => {
  it('says which service ended by itself, how, and what it last said', async () => {
    await start('api');
    const reason = failure();
    await start('console', 'dies');
    expect(await reason).toMatch(/console ended by itself with code 3.*no disk/s);
  });

  it('tells a killed service', async () => {
    const child = await start('api');
    const reason = failure();
    child.kill('SIGKILL');
    expect(await reason).toContain('api was killed (SIGKILL)');
  });

  it('stops in the order of the start, one after the other, and calls that no failure', async () => {
    const first = await start('api');
    const second = await start('console');
    const ends: string[] = [];
    first.once('exit', () => ends.push('api'));
    second.once('exit', () => ends.push('console'));
    await supervisor.stop();
    await sleep(400);
    expect(ends).toEqual(['api', 'console']);
    expect(readLog('api')).toContain('was asked');
    expect(supervisor.failed.aborted).toBe(false);
  });

  it('kills what does not end when asked', async () => {
    const child = await start('api', 'stubborn');
    const startedMs = Date.now();
    await supervisor.stop();
    expect(child.pid !== undefined && isAlive(child.pid)).toBe(false);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(290);
  });

  it('reports a program that cannot be started', async () => {
    const reason = failure();
    supervisor.start({ name: 'api', args: [], env: {}, cwd: join(folder, 'nowhere'), logPath: logOf('api') });
    expect(await reason).toContain('api could not be started');
  });
});
