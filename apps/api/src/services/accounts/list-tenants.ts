import { toSeconds } from '@espejo/core';
import type { AccountContext } from './account-context.ts';
import type { Tenant } from './views.ts';

/** Every tenant of this installation, the oldest first. */
export async function listTenants({ db }: Pick<AccountContext, 'db'>): Promise<{ data: Tenant[] }> {
  const rows = await db.read.people.listTenants();
  return {
    data: rows.map(({ id, name, createdAtMs, memberCount }) => ({
      id,
      name,
      createdAt: toSeconds(createdAtMs),
      memberCount,
    })),
  };
}
