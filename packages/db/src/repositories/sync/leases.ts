import { AppError } from '@espejo/core';
import { and, eq } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { lease } from '../../schema/index.ts';

export interface Lease {
  readonly tenantId: string;
  readonly name: string;
  readonly owner: string;
  /** Increases by one with every new owner. */
  readonly fence: number;
}

export interface LeaseState extends Lease {
  readonly expiresAtMs: number;
}

export function createLeaseRepository({ orm }: Handle) {
  const byName = (tenantId: string, name: string) => and(eq(lease.tenantId, tenantId), eq(lease.name, name));
  async function find(tenantId: string, name: string): Promise<LeaseState | undefined> {
    const rows = await orm.select().from(lease).where(byName(tenantId, name)).limit(1);
    return rows[0];
  }
  return {
    find,
    /** Takes the lease over with the next fence number; the caller has checked that no live process holds it. */
    async take(input: { tenantId: string; name: string; owner: string; expiresAtMs: number }): Promise<Lease> {
      const { tenantId, name, owner, expiresAtMs } = input;
      const fence = ((await find(tenantId, name))?.fence ?? 0) + 1;
      await orm
        .insert(lease)
        .values({ tenantId, name, owner, fence, expiresAtMs })
        .onConflictDoUpdate({ target: [lease.tenantId, lease.name], set: { owner, fence, expiresAtMs } });
      return { tenantId, name, owner, fence };
    },
    /** Throws `lease_lost` unless this lease is still the current one: rejects a zombie's late writes (rule 6). */
    async assertHeld(held: Lease): Promise<void> {
      const current = await find(held.tenantId, held.name);
      if (current?.fence !== held.fence || current.owner !== held.owner) {
        throw new AppError('lease_lost', 'Another process has taken over this sync. Its run goes on; this one ends.');
      }
    },
    async renew(held: Lease, expiresAtMs: number): Promise<void> {
      await orm.update(lease).set({ expiresAtMs }).where(byName(held.tenantId, held.name));
    },
    /** Keeps the row and its fence, because a fence must never be reset. */
    async release(held: Lease): Promise<void> {
      await orm
        .update(lease)
        .set({ expiresAtMs: 0, owner: '' })
        .where(and(byName(held.tenantId, held.name), eq(lease.fence, held.fence)));
    },
  };
}
