import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isLeaseLive, isOwnerAlive, leaseOwner, processExists } from './lease.ts';

const SELF = 'host-a/100/boot-1';
const running =
  (...pids: number[]) =>
  (pid: number) =>
    pids.includes(pid);

describe('whether the process behind a lease may still be alive', () => {
  it.each([
    ['itself', SELF, [], true],
    ['another one here that runs', 'host-a/200/boot-2', [200], true],
    ['another one here that does not', 'host-a/200/boot-2', [100], false],
    ['one here that had its own number before it', 'host-a/100/boot-0', [100], false],
    ['one on another machine, which cannot be asked', 'host-b/200/boot-2', [], true],
    ['one on another machine with its own number', 'host-b/100/boot-2', [], true],
  ])('%s', (_, owner, pids, expected) => {
    expect(isOwnerAlive(owner, SELF, running(...pids))).toBe(expected);
  });

  it('its own name tells this machine, this process and this start of it', () => {
    expect(leaseOwner(42, 'boot-9')).toBe(`${hostname()}/42/boot-9`);
  });

  it('the process table knows this process, one of somebody else, and none of an impossible number', () => {
    expect(processExists(process.pid)).toBe(true);
    expect(processExists(1)).toBe(true);
    expect(processExists(999_999_999)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('a killed process that nobody has collected does not run', async () => {
    // The shell becomes `sleep`, which never collects the child the shell had.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(line);
    expect(processExists(pid)).toBe(true);
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(' Z ');
    expect(processExists(pid)).toBe(false);
    parent.kill();
  });
});

describe('whether a lease keeps others out', () => {
  const lease = { tenantId: 't', name: 'sync:c', owner: 'host-b/1/boot', fence: 3, expiresAtMs: 1_000 };
  it.each([
    ['none', undefined, 0, false],
    ['held', lease, 999, true],
    ['at the moment it expires', lease, 1_000, false],
    ['released', { ...lease, owner: '', expiresAtMs: 0 }, 0, false],
    ['released, whatever its time', { ...lease, owner: '' }, 0, false],
    ['of a dead process here', { ...lease, owner: `${hostname()}/999999999/boot` }, 0, false],
  ])('%s', (_, state, nowMs, expected) => {
    expect(isLeaseLive(state, nowMs, leaseOwner(process.pid, 'boot'))).toBe(expected);
  });
});
