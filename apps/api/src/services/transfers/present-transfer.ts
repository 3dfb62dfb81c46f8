import { toSeconds } from '@espejo/core';
import type { TransferItemCounts, TransferItemRecord, TransferRow } from '@espejo/db';
import type { TransferWorkContext } from '../context/app-context.ts';
import type { Transfer, TransferItem } from './views.ts';

/** A transfer in the API's form. */
export async function presentTransfer(deps: Pick<TransferWorkContext, 'db'>, row: TransferRow): Promise<Transfer> {
  const counts = await deps.db.read.transferItems.count(row.tenantId, row.id);
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    phase: row.phase,
    source: { id: row.sourceStoreId, name: row.sourceName },
    target: { id: row.targetStoreId, name: row.targetName },
    connectionId: row.connectionId,
    counts: toCounts(counts),
    isFinishable: isFinishable(row, counts),
    notes: JSON.parse(row.notes) as string[],
    reason: row.reason,
    actor: row.actor,
    createdAt: toSeconds(row.createdAtMs),
    finishedAt: row.finishedAtMs === null ? null : toSeconds(row.finishedAtMs),
  };
}

/** Whether failed files are the only reason why a transfer is not complete. */
export function isFinishable(row: TransferRow, counts: TransferItemCounts): boolean {
  return row.status === 'parked' && row.phase === 'finishing' && counts.failed > 0;
}

function toCounts(counts: TransferItemCounts): Transfer['counts'] {
  const { skipped, failed, done, attached, taking_back, pending, uploading, completing, uploaded } = counts;
  return {
    expected: pending + uploading + completing + uploaded + attached + taking_back + done + failed + skipped,
    copied: attached + done,
    written: done,
    failed,
    skipped,
  };
}

const STATES = {
  pending: 'waiting',
  uploading: 'copying',
  completing: 'copying',
  uploaded: 'copying',
  attached: 'copied',
  taking_back: 'copying',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
} as const satisfies Record<TransferItemRecord['state'], TransferItem['state']>;

export function presentItem(transferId: string, item: TransferItemRecord): TransferItem {
  return {
    id: `${transferId}:${item.position}`,
    sourceFileId: item.sourceFileId,
    filename: item.filename,
    state: STATES[item.state],
    targetFileId: item.targetFileId,
    reason: item.reason,
  };
}
