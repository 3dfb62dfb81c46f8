import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, withFileLock } from './file-lock.mjs';

const UNUSED_PID = 2_147_483_646;
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espejo-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('withFileLock', () => {
  it('runs one task at a time and frees the lock after each', async () => {
    let running = 0;
    let most = 0;
    const work = () =>
      withFileLock(path, async () => {
        most = Math.max(most, ++running);
        await sleep(30);
        running--;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it('frees the lock when the work fails', async () => {
    await expect(withFileLock(path, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect(existsSync(path)).toBe(false);
  });

  it('takes over the lock of a process that died', async () => {
    writeFileSync(path, String(UNUSED_PID));
    await expect(withFileLock(path, async () => 'done')).resolves.toBe('done');
  });

  it('prints once that it waits for a running process', async () => {
    writeFileSync(path, String(process.pid));
    let waits = 0;
    const done = withFileLock(path, async () => 'done', { onWait: () => waits++ });
    await sleep(600);
    rmSync(path);
    await expect(done).resolves.toBe('done');
    expect(waits).toBe(1);
  });
});

describe('isAlive', () => {
  it('is true for a running process and false for an ended one', () => {
    expect([isAlive(process.pid), isAlive(UNUSED_PID)]).toEqual([true, false]);
  });

  it.runIf(process.platform === 'linux')('calls a zombie dead', async () => {
    // The shell becomes `sleep`, which never reaps the shell's child.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(parent.stdout, 'data');
    const zombie = Number(line);
    await expect.poll(() => readFileSync(`/proc/${zombie}/stat`, 'utf8')).toContain(' Z ');
    expect(isAlive(zombie)).toBe(false);
    parent.kill();
  });
});
