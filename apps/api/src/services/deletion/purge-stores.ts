import { asSystem } from '@espejo/core';
import type { Lease } from '@espejo/db';
import { certainNowMs } from '../../ports.ts';
import type { ExpiryContext } from '../context/app-context.ts';
import { planDeletion } from './plan/plan-deletion.ts';
import { startDeletion } from './start-deletion.ts';

/** Stores of one purge; the rest follows in the next pass. */
const STORES_MAX = 500;

/**
 * Purges stores that have been expired, or in the trash, for their retention, and primary files that have expired: as
 * every deletion, by a plan, its hash and the ledger, which checks each store again before it is deleted. Ages count
 * only the time that has certainly passed. Returns the ids of the deletions it started.
 */
export async function purgeStores(deps: ExpiryContext, lease: Lease): Promise<string[]> {
  const { tenantId } = lease;
  const { read } = deps.db;
  const nowMs = certainNowMs(deps.clock);
  const { expiredRetentionMs, trashRetentionMs } = deps.expiry;
  const due = {
    expiry: await read.storeExpiry.listExpiredBefore(tenantId, nowMs - expiredRetentionMs, STORES_MAX),
    trash: await read.trash.listTrashedBefore(tenantId, nowMs - trashRetentionMs, STORES_MAX),
  };
  const started: string[] = [];
  for (const trigger of ['expiry', 'trash'] as const) {
    if (due[trigger].length === 0) continue;
    // What a running or parked purge contains is not planned again.
    const unfinished = new Set(await read.deletionSteps.listUnfinishedStoreIds(tenantId, trigger));
    const storeIds = due[trigger].filter((id) => !unfinished.has(id));
    if (storeIds.length === 0) continue;
    const by = asSystem(tenantId, trigger);
    const plan = await planDeletion(deps, {
      by,
      request: { storeIds, fileIds: [], attachments: [], orphans: false, filter: null, files: 'delete' },
    });
    // A process that was suspended meanwhile may have been replaced by another.
    await deps.db.transaction((tx) => tx.leases.assertHeld(lease));
    const { id } = await startDeletion(deps, { by, planHash: plan.planHash, trigger });
    started.push(id);
  }
  const fileDeletionId = await purgeFiles(deps, lease, Math.floor(nowMs / 1000));
  return fileDeletionId === null ? started : [...started, fileDeletionId];
}

/** Primary files expire when they said they would, and are deleted at once: they have not been served since then. */
async function purgeFiles(deps: ExpiryContext, lease: Lease, nowS: number): Promise<string | null> {
  const { tenantId } = lease;
  const { read } = deps.db;
  const unfinished = new Set(await read.deletionSteps.listUnfinishedFileIds(tenantId, 'expiry'));
  const due = await read.primaryFiles.listDue(tenantId, nowS, STORES_MAX + unfinished.size);
  const fileIds = due.filter((id) => !unfinished.has(id)).slice(0, STORES_MAX);
  if (fileIds.length === 0) return null;
  const holders = await read.fileList.listAttachments(tenantId, fileIds, -1);
  const by = asSystem(tenantId, 'expiry');
  const plan = await planDeletion(deps, {
    by,
    request: {
      storeIds: [],
      fileIds,
      attachments: holders.map(({ storeId, fileId }) => ({ storeId, fileId })),
      orphans: false,
      filter: null,
      files: 'delete',
    },
  });
  await deps.db.transaction((tx) => tx.leases.assertHeld(lease));
  const { id } = await startDeletion(deps, {
    by,
    planHash: plan.planHash,
    trigger: 'expiry',
  });
  return id;
}
