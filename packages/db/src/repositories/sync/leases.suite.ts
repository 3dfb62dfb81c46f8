import { expect, it } from 'vitest';
import { NOW_MS } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';
import type { Lease } from './leases.ts';

export function leasesSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const take = (owner: string, name = 'lease') =>
    t.db.transaction((tx) => tx.leases.take({ tenantId: MINE, name, owner, expiresAtMs: NOW_MS }));
  const assertHeld = (held: Lease) => t.db.transaction((tx) => tx.leases.assertHeld(held));
  const release = (held: Lease) => t.db.transaction((tx) => tx.leases.release(held));
  const find = () => t.db.read.leases.find(MINE, 'lease');

  it("returns no lease to a tenant that has none, for another tenant's names", async () => {
    expect(await find()).toBeUndefined();
    expect(await take('me')).toEqual({ tenantId: MINE, name: 'lease', owner: 'me', fence: 1 });
  });

  it('increases the fence with every owner, also when the same one takes the lease again', async () => {
    const fences = [await take('a'), await take('b'), await take('b')].map((lease) => lease.fence);
    expect(fences).toEqual([1, 2, 3]);
    expect((await take('a', 'other')).fence).toBe(1);
    expect(await find()).toEqual({ tenantId: MINE, name: 'lease', owner: 'b', fence: 3, expiresAtMs: NOW_MS });
  });

  it('rejects an older fence, another owner or a missing lease with lease_lost', async () => {
    const first = await take('a');
    await assertHeld(first);
    const second = await take('a');
    await expect(assertHeld(first)).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(assertHeld({ ...second, owner: 'b' })).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(assertHeld({ ...second, name: 'never taken' })).rejects.toMatchObject({ code: 'lease_lost' });
    await assertHeld(second);
  });

  it('rolls back everything that a late writer wrote in the same transaction', async () => {
    const zombie = await take('a');
    await take('b');
    const lateWrite = t.db.transaction(async (tx) => {
      await tx.tenants.ensure({ id: 'late', name: 'late', createdAtMs: NOW_MS });
      await tx.leases.assertHeld(zombie);
    });
    await expect(lateWrite).rejects.toMatchObject({ code: 'lease_lost' });
    expect((await t.db.read.tenants.list()).map((tenant) => tenant.id)).not.toContain('late');
  });

  it('renews a lease', async () => {
    const held = await take('a');
    await t.db.transaction((tx) => tx.leases.renew(held, NOW_MS + 500));
    expect(await find()).toMatchObject({ owner: 'a', fence: 1, expiresAtMs: NOW_MS + 500 });
  });

  it('releases a lease without resetting its fence', async () => {
    const held = await take('a');
    await release(held);
    expect(await find()).toEqual({ tenantId: MINE, name: 'lease', owner: '', fence: 1, expiresAtMs: 0 });
    await expect(assertHeld(held)).rejects.toMatchObject({ code: 'lease_lost' });
    expect((await take('b')).fence).toBe(2);
  });

  it('ignores a release by an earlier owner, so that a zombie process does not affect its successor', async () => {
    const zombie = await take('a');
    const successor = await take('b');
    await release(zombie);
    await assertHeld(successor);
    expect(await find()).toMatchObject({ owner: 'b', fence: 2, expiresAtMs: NOW_MS });
  });
}
