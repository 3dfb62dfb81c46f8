import type { Handle } from '../../connect.ts';
import type { AttachmentStatus } from '../attachments/attachment-status.ts';

interface Move {
  /** Null: the attachment is new. */
  readonly from: AttachmentStatus | null;
  /** Null: the attachment was removed. */
  readonly to: AttachmentStatus | null;
  /** By how much its usage changes. */
  readonly usageBytes: number;
  readonly nowMs: number;
}

const COUNT = `
  update vector_store set
    files_in_progress = files_in_progress + :inProgress, files_completed = files_completed + :completed,
    files_failed = files_failed + :failed, files_cancelled = files_cancelled + :cancelled,
    files_total = files_total + :total, usage_bytes = usage_bytes + :usageBytes, updated_at_ms = :nowMs,
    status = case when status in ('expired', 'trashed') then status
                  when files_in_progress + :inProgress > 0 then 'in_progress' else 'completed' end
  where tenant_id = :tenantId and id = :storeId and source = 'primary'`;

/** Moves one attachment from one counter of its store to another, with its usage, and updates the store's status. */
export function applyCounterDelta(statement: Handle['statement']) {
  return ({ tenantId, storeId }: { tenantId: string; storeId: string }, move: Move): void => {
    const change = (status: AttachmentStatus) => Number(move.to === status) - Number(move.from === status);
    statement(COUNT).run({
      tenantId,
      storeId,
      inProgress: change('in_progress'),
      completed: change('completed'),
      failed: change('failed'),
      cancelled: change('cancelled'),
      total: Number(move.to !== null) - Number(move.from !== null),
      usageBytes: move.usageBytes,
      nowMs: move.nowMs,
    });
  };
}
