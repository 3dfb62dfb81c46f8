import { eq } from 'drizzle-orm';
import type { Handle } from '../connect.ts';
import { setting } from '../schema/index.ts';

/** A tenant's settings as JSON values by name; callers check what they read. */
export function createSettingRepository({ orm }: Handle) {
  return {
    async all(tenantId: string): Promise<Readonly<Record<string, unknown>>> {
      const rows = await orm.select().from(setting).where(eq(setting.tenantId, tenantId));
      return Object.fromEntries(rows.map((row) => [row.name, JSON.parse(row.value)]));
    },
    async set(tenantId: string, name: string, value: unknown): Promise<void> {
      const row = { tenantId, name, value: JSON.stringify(value) };
      await orm
        .insert(setting)
        .values(row)
        .onConflictDoUpdate({ target: [setting.tenantId, setting.name], set: row });
    },
  };
}
