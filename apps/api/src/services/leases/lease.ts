import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { AppError } from '@espejo/core';
import type { Database, Lease, LeaseState, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';

/** `host/pid/boot`: the owner of a lease, and enough to tell on the same machine whether it is alive. */
export function leaseOwner(pid: number, bootId: string): string {
  return `${hostname()}/${pid}/${bootId}`;
}

/**
 * Whether the process of an owner may be alive. For another machine this is true until the lease expires; on this one
 * the process table tells.
 */
export function isOwnerAlive(owner: string, self: string, processExists: (pid: number) => boolean): boolean {
  const [host, pidText] = owner.split('/');
  const [selfHost, selfPid] = self.split('/');
  if (owner === self || host !== selfHost) return true;
  // The same pid under another boot id: that process is gone, and its pid was reused.
  if (pidText === selfPid) return false;
  return processExists(Number(pidText));
}

/**
 * Whether a process with this id runs. A zombie (unreaped) process does not: in a container it may stay in the table
 * for seconds, or for ever.
 */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    return cause instanceof Error && Reflect.get(cause, 'code') === 'EPERM';
  }
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

export function isLeaseLive(lease: LeaseState | undefined, nowMs: number, self: string): boolean {
  return (
    lease !== undefined &&
    lease.owner !== '' &&
    lease.expiresAtMs > nowMs &&
    isOwnerAlive(lease.owner, self, processExists)
  );
}

export function syncLeaseName(connectionId: string): string {
  return `sync:${connectionId}`;
}

interface LeaseRequest {
  readonly db: Database;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly owner: string;
  readonly ttlMs: number;
}

/** Takes a lease that no live process holds, or returns undefined. */
export async function tryLease(wish: LeaseRequest & { readonly name: string }): Promise<Lease | undefined> {
  return wish.db.transaction((tx) => takeIfFree(tx, wish, wish.name));
}

/** Takes the lease of a connection's sync, or throws `sync_already_running`. */
export async function acquireSyncLease(wish: LeaseRequest & { readonly connectionId: string }): Promise<Lease> {
  const { tenantId, connectionId } = wish;
  return wish.db.transaction(async (tx) => {
    const lease = await takeIfFree(tx, wish, syncLeaseName(connectionId));
    if (lease !== undefined) return lease;
    const running = (await tx.syncRuns.listRunning(tenantId)).find((run) => run.connectionId === connectionId);
    throw new AppError(
      'sync_already_running',
      running === undefined
        ? 'A deletion is running on this connection. The sync can start when it has ended.'
        : `A sync of this connection is already running since ${new Date(running.startedAtMs).toISOString()} (run ${running.id}). Wait for it or cancel it.`,
    );
  });
}

async function takeIfFree(tx: Repositories, wish: LeaseRequest, name: string): Promise<Lease | undefined> {
  const { clock, tenantId, owner, ttlMs } = wish;
  const nowMs = clock.nowMs();
  if (isLeaseLive(await tx.leases.find(tenantId, name), nowMs, owner)) return undefined;
  return tx.leases.take({ tenantId, name, owner, expiresAtMs: nowMs + ttlMs });
}

/** Renews a lease until it is stopped; `onLost` is called once when another owner has taken over. */
export function keepLease(input: {
  db: Database;
  clock: Clock;
  lease: Lease;
  ttlMs: number;
  onLost: (cause: unknown) => void;
}): () => void {
  const { db, clock, lease, ttlMs } = input;
  const timer = setInterval(() => {
    db.transaction(async (tx) => {
      await tx.leases.assertHeld(lease);
      await tx.leases.renew(lease, clock.nowMs() + ttlMs);
    }).catch((cause: unknown) => {
      // A busy or full database says nothing about the lease; the next heartbeat tries again.
      if (cause instanceof AppError && cause.code === 'lease_lost') {
        clearInterval(timer);
        input.onLost(cause);
      }
    });
  }, ttlMs / 3);
  timer.unref();
  return () => clearInterval(timer);
}
