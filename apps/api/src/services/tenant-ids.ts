import type { Database } from '@espejo/db';

/**
 * The first tenant, which exists from the first start. It is the tenant of requests that name none, and its owners are
 * the operators.
 */
export const DEFAULT_TENANT_ID = 'default';

/** The tenants that a job works for: all present ones, oldest first. */
export type TenantIds = () => Promise<readonly string[]>;

export function createTenantIds(db: Database): TenantIds {
  return async () => (await db.read.tenants.list()).map(({ id }) => id);
}
