import { asSystem } from '@espejo/core';
import type { Lease } from '@espejo/db';
import { certainNowMs } from '../../ports.ts';
import type { ExpiryContext } from '../context/app-context.ts';
import { planDeletion } from './plan/plan-deletion.ts';
import { startDeletion } from './start-deletion.ts';

/** Stores of one purge; the rest has its turn in the next pass. */
const STORES_MAX = 500;

/**
 * Purges what has been expired, or in the trash, for its retention time, and files of ours whose end has come: as every deletion, by a plan, its hash and the
 * ledger, which looks again at each store before it goes. Ages are judged by the time that has passed for certain. Returns the ids of the deletions it started.
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
    // What a purge is at work on, or could not do, is not planned once more: that one goes on, or waits for a person.
    const unfinished = new Set(await read.deletionSteps.listUnfinishedStoreIds(tenantId, trigger));
    const storeIds = due[trigger].filter((id) => !unfinished.has(id));
    if (storeIds.length === 0) continue;
    const by = asSystem(tenantId, trigger);
    const plan = await planDeletion(deps, {
      by,
      request: { storeIds, fileIds: [], attachments: [], orphans: false, filter: null, files: 'delete' },
    });
    // A process that was suspended meanwhile has a successor by now.
    await deps.db.transaction((tx) => tx.leases.assertHeld(lease));
    const { id } = await startDeletion(deps, { by, planHash: plan.planHash, trigger });
    started.push(id);
  }
  const fileDeletionId = await purgeFiles(deps, lease, Math.floor(nowMs / 1000));
  return fileDeletionId === null ? started : [...started, fileDeletionId];
}

/** Files of ours end when they said they would, and go at once: nobody has been given them since then. */
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
