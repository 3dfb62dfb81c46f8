import { AppError, toSeconds } from '@espejo/core';
import type { DeletionRow } from '@espejo/db';
import type { DeletionWorkContext } from '../context/app-context.ts';
import type { Deletion } from '../context/views.ts';

/** A deletion in the API's form. Throws `deletion_not_found`. */
export async function presentDeletion(
  deps: Pick<DeletionWorkContext, 'db' | 'clock'>,
  tenantId: string,
  id: string,
): Promise<Deletion> {
  const row = await deps.db.read.deletions.find(tenantId, id);
  if (row === undefined) throw new AppError('deletion_not_found', `There is no deletion with id '${id}'.`);
  return presentRow(deps, row);
}

export async function presentRow(deps: Pick<DeletionWorkContext, 'db' | 'clock'>, row: DeletionRow): Promise<Deletion> {
  const steps = await deps.db.read.deletionSteps.count(row.tenantId, row.id);
  const elapsedMs = row.startedAtMs === null ? 0 : (row.finishedAtMs ?? deps.clock.nowMs()) - row.startedAtMs;
  const ratePerSecond = elapsedMs > 0 ? Math.round((steps.done / elapsedMs) * 10_000) / 10 : 0;
  const isOpen = row.status === 'waiting' || row.status === 'running';
  return {
    id: row.id,
    planHash: row.planHash,
    status: row.status,
    title: row.title,
    actor: row.actor,
    trigger: row.trigger,
    createdAt: toSeconds(row.createdAtMs),
    finishedAt: row.finishedAtMs === null ? null : toSeconds(row.finishedAtMs),
    files: row.files,
    counts: JSON.parse(row.counts) as Deletion['counts'],
    steps,
    ratePerSecond,
    etaSeconds: !isOpen ? null : ratePerSecond > 0 ? Math.ceil(steps.pending / ratePerSecond) : null,
    usageBytes: row.usageBytes,
    savings: { perMonth: Number(row.savingsUsd), currency: 'USD' },
    message: row.message,
  };
}
