import { eq } from 'drizzle-orm';
import type { Handle } from '../connect.ts';
import { installationFact } from '../schema/index.ts';

/** Facts of the installation as JSON values by name; callers check what they read. */
export function createInstallationFactRepository({ orm }: Handle) {
  const find = async (name: string): Promise<unknown> => {
    const [row] = await orm.select().from(installationFact).where(eq(installationFact.name, name)).limit(1);
    return row === undefined ? undefined : JSON.parse(row.value);
  };
  return {
    /** Undefined: it was never set, or was removed. */
    find,
    async set(name: string, value: unknown): Promise<void> {
      const row = { name, value: JSON.stringify(value) };
      await orm.insert(installationFact).values(row).onConflictDoUpdate({ target: installationFact.name, set: row });
    },
    /** Sets the fact unless it exists, and returns the stored value. */
    async ensure(name: string, value: unknown): Promise<unknown> {
      await orm
        .insert(installationFact)
        .values({ name, value: JSON.stringify(value) })
        .onConflictDoNothing();
      return find(name);
    },
    async remove(name: string): Promise<void> {
      await orm.delete(installationFact).where(eq(installationFact.name, name));
    },
  };
}
