import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from './file-lock.mjs';
import { createSupervisor } from './supervisor.mjs';

/** Prints when it is ready and when it gets a signal; `stubborn` does not end. */
const SERVICE = `
  const [name, kind] = process.argv.slice(2);
  process.on('SIGTERM', () => { console.log(name + ' got SIGTERM'); if (kind !== 'stubborn') setTimeout(() => process.exit(0), 50); });
  setInterval(() => {}, 1000);
  console.log(name + ' runs');
  if (kind === 'dies') setTimeout(() => { console.error('no disk'); process.exit(3); }, 50);
`;

let folder: string;
let supervisor: ReturnType<typeof createSupervisor>;
/** Ends the wait before a kill. */
let losePatience: () => void;
/** Ends the wait before an ended service is reported. */
let blame: () => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espejo-supervisor-'));
  writeFileSync(join(folder, 'service.mjs'), SERVICE);
  const patience = Promise.withResolvers<void>();
  const blaming = Promise.withResolvers<void>();
  losePatience = patience.resolve;
  blame = blaming.resolve;
  // Only the wait before a kill can be aborted.
  supervisor = createSupervisor({
    sleep: (_ms, signal) => (signal === undefined ? blaming.promise : patience.promise),
  });
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
  await untilLogged(name, 'runs');
  return child;
}
async function untilLogged(name: string, text: string) {
  while (!readLog(name).includes(text)) await sleep(10);
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
  it('reports which service ended unexpectedly, how, and its last output', async () => {
    await start('api');
    blame();
    const reason = failure();
    await start('console', 'dies');
    expect(await reason).toMatch(/console exited unexpectedly with code 3.*no disk/s);
  });

  it('reports a killed service', async () => {
    const child = await start('api');
    blame();
    const reason = failure();
    child.kill('SIGKILL');
    expect(await reason).toContain('api was killed (SIGKILL)');
  });

  it('stops services in the order of their start, one after the other, without reporting an error', async () => {
    const first = await start('api');
    const second = await start('console');
    const ends: string[] = [];
    first.once('exit', () => ends.push('api'));
    second.once('exit', () => ends.push('console'));
    await supervisor.stop();
    blame();
    await turn();
    expect(ends).toEqual(['api', 'console']);
    expect([first, second].map((child) => child.exitCode)).toEqual([0, 0]);
    expect(readLog('api')).toContain('got SIGTERM');
    expect(supervisor.failed.aborted).toBe(false);
  });

  it('does not report a service that ended just before the stop, because Ctrl+C reaches it too', async () => {
    const child = await start('api');
    child.kill('SIGTERM');
    await once(child, 'close');
    await supervisor.stop();
    blame();
    await turn();
    expect(supervisor.failed.aborted).toBe(false);
  });

  it('sends a signal, waits, and kills a service that does not end', async () => {
    const child = await start('api', 'stubborn');
    const stopping = supervisor.stop();
    await untilLogged('api', 'got SIGTERM');
    expect(child.signalCode).toBeNull();
    losePatience();
    await stopping;
    expect(child.signalCode).toBe('SIGKILL');
    expect(child.pid !== undefined && isAlive(child.pid)).toBe(false);
  });

  it('reports a program that cannot be started', async () => {
    const reason = failure();
    supervisor.start({ name: 'api', args: [], env: {}, cwd: join(folder, 'nowhere'), logPath: logOf('api') });
    expect(await reason).toContain('api could not be started');
  });
});
