import { AppError, toSeconds } from '@espejo/core';
import type { DeletionRow, StepCounts, StepsDone } from '@espejo/db';
import type { DeletionWorkContext } from '../context/app-context.ts';
import type { Deletion } from '../context/views.ts';

/** Stores that a deletion without its end names. */
const STORES_LEFT_MAX = 5;

/** A deletion in the form the API shows it. Throws `deletion_not_found`. */
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
  const counts = JSON.parse(row.counts) as Deletion['counts'];
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
    counts,
    done: await readDone(deps, row, steps),
    storesLeft: row.status === 'cancelled' || row.status === 'parked' ? await readStoresLeft(deps, row) : [],
    steps,
    ratePerSecond,
    etaSeconds: !isOpen ? null : ratePerSecond > 0 ? Math.ceil(steps.pending / ratePerSecond) : null,
    usageBytes: row.usageBytes,
    savings: { perMonth: Number(row.savingsUsd), currency: 'USD' },
    message: row.message,
  };
}

const NOTHING_DONE: StepsDone = { stores: 0, filesDeleted: 0, attachmentsDetached: 0, usageBytes: 0 };

async function readDone(
  deps: Pick<DeletionWorkContext, 'db'>,
  row: DeletionRow,
  steps: StepCounts,
): Promise<StepsDone> {
  return steps.done === 0 ? NOTHING_DONE : deps.db.read.deletionSteps.countDone(row.tenantId, row.id);
}

async function readStoresLeft(
  { db: { read } }: Pick<DeletionWorkContext, 'db'>,
  { tenantId, id }: DeletionRow,
): Promise<Deletion['storesLeft']> {
  const left: Deletion['storesLeft'] = [];
  for (const storeId of await read.deletionSteps.listStoresLeft(tenantId, id, STORES_LEFT_MAX)) {
    const store = await read.vectorStores.find(tenantId, storeId);
    if (store === undefined) continue;
    const { heldCount } = await read.attachments.storeTotals(tenantId, storeId);
    left.push({ id: storeId, name: store.name, fileCount: heldCount });
  }
  return left;
}
