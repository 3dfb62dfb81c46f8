import type { Database } from '@espejo/db';

/** The first tenant, there from the first start: of whoever names none. Its owners run the installation. */
export const DEFAULT_TENANT_ID = 'default';

/** Whose work a job does: every tenant there is by now, the oldest first. */
export type TenantIds = () => Promise<readonly string[]>;

export function createTenantIds(db: Database): TenantIds {
  return async () => (await db.read.tenants.list()).map(({ id }) => id);
}
