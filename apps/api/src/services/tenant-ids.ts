import type { Database } from '@espejo/db';

/** Whose work a job does: every tenant there is by now, the oldest first. */
export type TenantIds = () => Promise<readonly string[]>;

export function createTenantIds(db: Database): TenantIds {
  return async () => (await db.read.tenants.list()).map(({ id }) => id);
}
