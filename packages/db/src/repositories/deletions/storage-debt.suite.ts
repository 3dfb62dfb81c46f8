import { beforeEach, describe, expect, it } from 'vitest';
import {
  attachmentRow,
  fileRow,
  mirrorAttachments,
  mirrorFiles,
  mirrorStores,
  NOW_MS,
  NOW_S,
  storeRow,
} from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, THEIRS, useTwoTenants } from '../../testing/two-tenants.ts';
import type { DebtRow } from './storage-debt.ts';

const OLD_S = NOW_S - 1000;
const idsOf = (rows: readonly DebtRow[]) => rows.map((row) => row.id);

export function storageDebtSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const owner = { tenantId: MINE };
  const scope = { tenantId: MINE, connectionIds: ['conn'] };
  const noConnections = { tenantId: MINE, connectionIds: [] };

  beforeEach(async () => {
    await mirrorStores(t.db, owner, [
      storeRow('vs_a', {
        createdAt: OLD_S,
        fileCounts: { in_progress: 1, completed: 2, failed: 1, cancelled: 0, total: 4 },
        usageBytes: 50,
      }),
      storeRow('vs_empty', { createdAt: OLD_S }),
      storeRow('vs_young'),
      storeRow('vs_expired', { createdAt: OLD_S, status: 'expired', expiresAt: NOW_S - 5, usageBytes: 7 }),
      storeRow('vs_miscounted', { createdAt: OLD_S }),
    ]);
    await mirrorFiles(t.db, owner, [
      ...['good', 'failed', 'stuck', 'orphan', 'held'].map((id) => fileRow(id, { createdAt: OLD_S })),
      fileRow('copy', { createdAt: OLD_S, filename: 'good.txt' }),
      fileRow('near-copy', { createdAt: OLD_S, filename: 'good.txt', bytes: 99 }),
      fileRow('data', { createdAt: OLD_S, purpose: 'user_data' }),
      fileRow('fresh'),
      fileRow('missing', { createdAt: OLD_S }),
    ]);
    await mirrorAttachments(t.db, owner, 'vs_a', [
      attachmentRow('good', { createdAt: OLD_S }),
      attachmentRow('failed', { createdAt: OLD_S, status: 'failed', lastError: { message: 'Why.' } }),
      attachmentRow('stuck', { createdAt: OLD_S, status: 'in_progress' }),
      attachmentRow('dead', { createdAt: OLD_S, usageBytes: 33 }),
      attachmentRow('dead-failed', { createdAt: OLD_S, status: 'failed' }),
    ]);
    await mirrorAttachments(t.db, owner, 'vs_miscounted', [attachmentRow('held', { createdAt: OLD_S })]);
    await t.db.transaction(async (tx) => {
      await tx.mirrorPermits.grant(MINE, 'conn');
      await tx.files.markMissing(MINE, ['missing'], NOW_MS);
    });
  });

  it('lists orphans: purpose assistants, in no store, old enough, not missing', async () => {
    expect(idsOf(await t.db.read.storageDebt.listOrphans(scope, NOW_S))).toEqual(['copy', 'orphan', 'near-copy']);
    expect(await t.db.read.storageDebt.listOrphans(scope, OLD_S)).toEqual([]);
    expect(await t.db.read.storageDebt.listOrphans(noConnections, NOW_S)).toEqual([]);
    expect((await t.db.read.storageDebt.listOrphans(scope, NOW_S))[0]).toEqual({
      id: 'copy',
      name: 'good.txt',
      storeId: null,
      storeName: null,
      connectionId: 'conn',
      sizeBytes: 100,
      sinceS: OLD_S,
      note: null,
    });
  });

  it('lists copies: orphans with the name and size of a file that is in a store', async () => {
    const rows = await t.db.read.storageDebt.listDuplicates(scope, NOW_S);
    expect(rows).toMatchObject([{ id: 'copy', note: 'same name and size as good' }]);
    expect(rows).toHaveLength(1);
    expect(await t.db.read.storageDebt.listDuplicates(scope, OLD_S)).toEqual([]);
  });

  it('lists expired stores', async () => {
    const rows = await t.db.read.storageDebt.listExpiredStores(scope);
    expect(rows).toMatchObject([{ id: 'vs_expired', sizeBytes: 7, sinceS: NOW_S - 5, connectionId: 'conn' }]);
    expect(rows).toHaveLength(1);
  });

  it('lists empty stores: by their own count and by their known attachments', async () => {
    expect(idsOf(await t.db.read.storageDebt.listEmptyStores(scope, NOW_S))).toEqual(['vs_empty']);
    expect(idsOf(await t.db.read.storageDebt.listEmptyStores(scope, NOW_S + 1))).toEqual(['vs_empty', 'vs_young']);
  });

  it('lists failed and stuck attachments of files that exist', async () => {
    const failed = await t.db.read.storageDebt.listUnhealthy(scope, 'failed', NOW_S);
    expect(failed).toMatchObject([{ id: 'vs_a/failed', storeId: 'vs_a', storeName: 'Name of vs_a', note: 'Why.' }]);
    expect(failed).toHaveLength(1);
    expect(idsOf(await t.db.read.storageDebt.listUnhealthy(scope, 'in_progress', NOW_S))).toEqual(['vs_a/stuck']);
    expect(await t.db.read.storageDebt.listUnhealthy(scope, 'in_progress', OLD_S)).toEqual([]);
  });

  it('lists ghosts: attachments made before an instant whose file does not exist', async () => {
    const rows = await t.db.read.storageDebt.listGhosts(scope, NOW_S);
    expect(rows.map((row) => [row.id, row.sizeBytes])).toEqual([
      ['vs_a/dead', 33],
      ['vs_a/dead-failed', 10],
    ]);
    expect(await t.db.read.storageDebt.listGhosts(scope, OLD_S)).toEqual([]);
  });

  it('lists the largest stores', async () => {
    expect(idsOf(await t.db.read.storageDebt.listLargestStores(MINE, 2))).toEqual(['vs_a', 'vs_expired']);
    const ofOne = await t.db.read.storageDebt.listLargestStores(MINE, 2, 'conn');
    expect(idsOf(ofOne)).toEqual(['vs_a', 'vs_expired']);
    expect(await t.db.read.storageDebt.listLargestStores(MINE, 2, 'another')).toEqual([]);
  });

  describe('attachments of a file over all tenants', () => {
    it('lists references of every tenant, because a deletion must find references that it may not name', async () => {
      await mirrorAttachments(t.db, owner, 'vs_b', [attachmentRow('file-1')]);
      const holders = await t.db.read.membership.listHolders(['file-1', 'good', 'unknown']);
      expect(holders.map((row) => `${row.tenantId} ${row.storeId} ${row.fileId}`).sort()).toEqual(
        [`${MINE} vs_a good`, `${MINE} vs_b file-1`, `${THEIRS} vs_1 file-1`].sort(),
      );
    });
  });
}
