import { and, eq, inArray } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { storageSnapshot } from '../../schema/index.ts';

export type StorageSnapshotRow = typeof storageSnapshot.$inferSelect;

/** What the mirrors of a tenant contained over time. */
export function createStorageSnapshotRepository({ orm }: Handle) {
  const ofConnection = (tenantId: string, connectionId: string) =>
    and(eq(storageSnapshot.tenantId, tenantId), eq(storageSnapshot.connectionId, connectionId));
  return {
    /** A second one of the same instant replaces the first. */
    async put(row: StorageSnapshotRow): Promise<void> {
      const { tenantId, connectionId, takenAtMs } = storageSnapshot;
      await orm
        .insert(storageSnapshot)
        .values(row)
        .onConflictDoUpdate({ target: [tenantId, connectionId, takenAtMs], set: row });
    },
    /** Of every connection, each in the order of time. */
    async list(tenantId: string): Promise<StorageSnapshotRow[]> {
      return orm
        .select()
        .from(storageSnapshot)
        .where(eq(storageSnapshot.tenantId, tenantId))
        .orderBy(storageSnapshot.connectionId, storageSnapshot.takenAtMs);
    },
    /** When those of a connection were taken, the oldest first. */
    async listTimes(tenantId: string, connectionId: string): Promise<number[]> {
      const rows = await orm
        .select({ takenAtMs: storageSnapshot.takenAtMs })
        .from(storageSnapshot)
        .where(ofConnection(tenantId, connectionId))
        .orderBy(storageSnapshot.takenAtMs);
      return rows.map((row) => row.takenAtMs);
    },
    async remove(tenantId: string, connectionId: string, takenAtMs: readonly number[]): Promise<void> {
      if (takenAtMs.length === 0) return;
      await orm
        .delete(storageSnapshot)
        .where(and(ofConnection(tenantId, connectionId), inArray(storageSnapshot.takenAtMs, [...takenAtMs])));
    },
    async removeAllOf(tenantId: string, connectionId: string): Promise<void> {
      await orm.delete(storageSnapshot).where(ofConnection(tenantId, connectionId));
    },
  };
}
