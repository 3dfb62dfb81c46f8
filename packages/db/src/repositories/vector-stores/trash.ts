import type { Handle } from '../../connect.ts';
import { createPrimaryAttachmentRepository } from '../attachments/primary-attachments.ts';

/** Status of a store in the trash: hidden from lists that do not ask for it, and not served. */
export const TRASHED = 'trashed';

/** The trash of primary stores. Mirrors are never in it: their deletion upstream is final. */
export function createTrashRepository(handle: Handle) {
  const { statement } = handle;
  const attachments = createPrimaryAttachmentRepository(handle);
  return {
    /** Moves a primary store to the trash; false when it is there already, and then it keeps its first instant. */
    async put(tenantId: string, id: string, nowMs: number): Promise<boolean> {
      const { changes } = statement(
        `update vector_store set status = 'trashed', trashed_at_ms = ?, updated_at_ms = ?
          where tenant_id = ? and id = ? and source = 'primary' and trashed_at_ms is null`,
      ).run(nowMs, nowMs, tenantId, id);
      return changes > 0;
    },
    /**
     * Restores a store from the trash with its former status; false when it was not there. An expired store is expired
     * again.
     */
    async restore(tenantId: string, id: string, nowMs: number): Promise<boolean> {
      const { changes } = statement(
        `update vector_store set trashed_at_ms = null, updated_at_ms = ?,
                status = case when expired_at_ms is not null then 'expired'
                              when files_in_progress > 0 then 'in_progress' else 'completed' end
          where tenant_id = ? and id = ? and trashed_at_ms is not null`,
      ).run(nowMs, tenantId, id);
      return changes > 0;
    },
    async listTrashedBefore(tenantId: string, beforeMs: number, limit: number): Promise<string[]> {
      return statement(
        `select id from vector_store indexed by vector_store_sort_status
          where tenant_id = ? and status = 'trashed' and trashed_at_ms <= ? order by id limit ?`,
      )
        .pluck()
        .all(tenantId, beforeMs, limit) as string[];
    },
    /**
     * Removes a primary store for good, with everything in it, if it was in the trash or expired at an instant and
     * still is. False when it was restored meanwhile; then nothing is removed.
     */
    async purge(tenantId: string, id: string, from: 'trashed' | 'expired', sinceMs: number): Promise<boolean> {
      const { changes } = statement(
        `delete from vector_store where tenant_id = ? and id = ? and source = 'primary' and status = ?
            and ${from === 'trashed' ? 'trashed_at_ms' : 'expired_at_ms'} <= ?`,
      ).run(tenantId, id, from, sinceMs);
      if (changes === 0) return false;
      await attachments.removeAllOfStore(tenantId, id);
      return true;
    },
  };
}
