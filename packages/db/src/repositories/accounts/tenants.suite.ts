import { expect, it } from 'vitest';
import { NOW_MS } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, THEIRS, useTwoTenants } from '../../testing/two-tenants.ts';

export function tenantsSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);

  it('creates a tenant once and keeps its first row', async () => {
    await t.db.transaction(async (tx) => {
      await tx.tenants.ensure({ id: MINE, name: 'renamed', createdAtMs: NOW_MS + 9 });
      await tx.tenants.ensure({ id: 'tenant-0', name: 'older', createdAtMs: NOW_MS - 1 });
    });
    expect((await t.db.read.tenants.list()).map(({ id, name }) => [id, name])).toEqual([
      ['tenant-0', 'older'],
      [MINE, MINE],
      [THEIRS, THEIRS],
    ]);
  });
}
