import { asSystem, toSeconds } from '@espejo/core';
import type { DueStore, Lease, Repositories } from '@espejo/db';
import type { ExpiryContext } from '../services/context/app-context.ts';
import { purgeStores } from '../services/deletion/purge-stores.ts';
import { keepLease, tryLease } from '../services/leases/lease.ts';

/** The actor in the audit. */
const ACTOR = 'expiry';
const LEASE_NAME = 'expiry';
/** Stores written in one transaction. */
const CHUNK = 200;

/** The result of one pass, in stores. */
export interface ExpiryOutcome {
  readonly warned: number;
  readonly expired: number;
  /** Expiries undone that a clock set ahead had caused. */
  readonly undone: number;
  readonly purgeIds: readonly string[];
}

/**
 * One pass over the primary stores: announces coming expiries, expires due stores, and purges those that have been
 * expired, or in the trash, for their retention. Instants are compared with this process's clock at the moment of the
 * write, so stores used or extended meanwhile stay. Never reads mirrors. Undefined: another process is running one.
 */
export async function runExpiry(deps: ExpiryContext, input: { tenantId: string }): Promise<ExpiryOutcome | undefined> {
  const { db, clock, settings } = deps;
  const lease = await tryLease({ ...deps, ...input, name: LEASE_NAME, ttlMs: settings.leaseTtlMs });
  if (lease === undefined) return undefined;
  // Every write asserts the lease, so losing it needs no other check.
  const stop = keepLease({ db, clock, lease, ttlMs: settings.leaseTtlMs, onLost: () => undefined });
  try {
    const undone = await undoPremature(deps, lease);
    const expired = await expireDue(deps, lease);
    const warned = await warnAhead(deps, lease);
    const purgeIds = await purgeStores(deps, lease);
    if (undone + expired + warned + purgeIds.length > 0) {
      deps.log.info({ undone, expired, warned, purgeIds }, 'primary stores announced, expired or purged');
    }
    return { undone, expired, warned, purgeIds };
  } finally {
    stop();
    await db.transaction((tx) => tx.leases.release(lease));
  }
}

async function expireDue(deps: ExpiryContext, lease: Lease): Promise<number> {
  const { tenantId } = lease;
  return eachDue(deps, lease, {
    list: (tx, nowS) => tx.storeExpiry.listDue(tenantId, nowS, CHUNK),
    act: (tx, store, nowMs) => tx.storeExpiry.expire(tenantId, store.id, nowMs),
    action: 'vector_store.expired',
  });
}

async function warnAhead(deps: ExpiryContext, lease: Lease): Promise<number> {
  const { tenantId } = lease;
  const { warnAheadS } = deps.expiry;
  return eachDue(deps, lease, {
    list: (tx, nowS) => tx.storeExpiry.listToWarn(tenantId, nowS, warnAheadS, CHUNK),
    act: async (tx, store, nowMs) => {
      await tx.storeExpiry.markWarned(tenantId, store.id, nowMs);
      return true;
    },
    action: 'vector_store.expiry_announced',
  });
}

async function undoPremature(deps: ExpiryContext, lease: Lease): Promise<number> {
  const { tenantId } = lease;
  return eachDue(deps, lease, {
    list: (tx, nowS) => tx.storeExpiry.listPremature(tenantId, nowS, CHUNK),
    act: (tx, store, nowMs) => tx.storeExpiry.unexpire(tenantId, store.id, nowMs),
    action: 'vector_store.expiry_undone',
  });
}

/**
 * Applies a change to everything a list names, in chunks; each change and its audit are one transaction under the
 * lease.
 */
async function eachDue(
  deps: ExpiryContext,
  lease: Lease,
  work: {
    readonly list: (tx: Repositories, nowS: number) => Promise<DueStore[]>;
    readonly act: (tx: Repositories, store: DueStore, nowMs: number) => Promise<boolean>;
    readonly action: string;
  },
): Promise<number> {
  for (let done = 0; ; ) {
    const actedOn = await deps.db.transaction(async (tx) => {
      await tx.leases.assertHeld(lease);
      const nowMs = deps.clock.nowMs();
      let count = 0;
      for (const store of await work.list(tx, toSeconds(nowMs))) {
        if (!(await work.act(tx, store, nowMs))) continue;
        count += 1;
        await tx.audit.append(asSystem(lease.tenantId, ACTOR), {
          atMs: nowMs,
          action: work.action,
          subject: store.id,
          outcome: 'done',
          detail: { name: store.name, expiresAt: store.expiresAtS },
        });
      }
      return count;
    });
    done += actedOn;
    if (actedOn < CHUNK) return done;
  }
}
