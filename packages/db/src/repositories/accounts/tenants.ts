import type { Handle } from '../../connect.ts';
import { tenant } from '../../schema/index.ts';

export type TenantRow = typeof tenant.$inferSelect;

export function createTenantRepository({ orm }: Handle) {
  return {
    /** Creates the tenant unless it exists. */
    async ensure(row: TenantRow): Promise<void> {
      await orm.insert(tenant).values(row).onConflictDoNothing();
    },
    async list(): Promise<TenantRow[]> {
      return orm.select().from(tenant).orderBy(tenant.createdAtMs);
    },
  };
}
