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

describe('whether the process of a lease may be alive', () => {
  it.each([
    ['itself', SELF, [], true],
    ['another running process of this machine', 'host-a/200/boot-2', [200], true],
    ['another process of this machine that does not run', 'host-a/200/boot-2', [100], false],
    ['an earlier process of this machine with the same pid', 'host-a/100/boot-0', [100], false],
    ['a process on another machine, which cannot be checked', 'host-b/200/boot-2', [], true],
    ['a process on another machine with the same pid', 'host-b/100/boot-2', [], true],
  ])('is decided for %s', (_, owner, pids, expected) => {
    expect(isOwnerAlive(owner, SELF, running(...pids))).toBe(expected);
  });

  it('is decided by an owner name of machine, process and boot', () => {
    expect(leaseOwner(42, 'boot-9')).toBe(`${hostname()}/42/boot-9`);
  });

  it('finds this process and a process of another user, and none with an impossible pid', () => {
    expect(processExists(process.pid)).toBe(true);
    expect(processExists(1)).toBe(true);
    expect(processExists(999_999_999)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('does not count a zombie process as running', async () => {
    // The shell becomes `sleep`, which never reaps the shell's child.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(line);
    expect(processExists(pid)).toBe(true);
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(' Z ');
    expect(processExists(pid)).toBe(false);
    parent.kill();
  });
});

describe('whether a lease is in force', () => {
  const lease = { tenantId: 't', name: 'sync:c', owner: 'host-b/1/boot', fence: 3, expiresAtMs: 1_000 };
  it.each([
    ['none', undefined, 0, false],
    ['held', lease, 999, true],
    ['at the moment it expires', lease, 1_000, false],
    ['released', { ...lease, owner: '', expiresAtMs: 0 }, 0, false],
    ['released, whatever its time', { ...lease, owner: '' }, 0, false],
    ['of a dead process here', { ...lease, owner: `${hostname()}/999999999/boot` }, 0, false],
  ])('is decided for %s', (_, state, nowMs, expected) => {
    expect(isLeaseLive(state, nowMs, leaseOwner(process.pid, 'boot'))).toBe(expected);
  });
});
