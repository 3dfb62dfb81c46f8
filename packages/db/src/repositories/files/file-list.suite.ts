import { expect, it } from 'vitest';
import {
  asSyncer,
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
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';

const me = { tenantId: MINE };

/** Paging, filters and sorts have a property test of their own beside this suite. */
export function fileListSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);

  it("returns no file to a tenant that has none, for another tenant's ids", async () => {
    const { fileList } = t.db.read;
    expect(await fileList.find(MINE, 'file-1')).toBeUndefined();
    expect(await fileList.listAttachments(MINE, ['file-1'], 10)).toEqual([]);
    expect(await fileList.orphanTotals(MINE, 2 ** 40)).toEqual({ count: 0, sizeBytes: 0 });
    expect(await fileList.count(MINE)).toBe(0);
  });

  it('lists where each file is attached, up to a limit per file, by store id', async () => {
    await mirrorStores(t.db, me, [storeRow('vs_1', { name: 'One' }), storeRow('vs_2', { name: null })]);
    await mirrorAttachments(t.db, me, 'vs_2', [attachmentRow('file-1'), attachmentRow('file-2')]);
    await mirrorAttachments(t.db, me, 'vs_1', [attachmentRow('file-1', { status: 'failed' })]);
    await mirrorAttachments(t.db, me, 'vs_9', [attachmentRow('file-1')]);
    expect(await t.db.read.fileList.listAttachments(MINE, ['file-2', 'file-1', 'file-0'], 2)).toEqual([
      { fileId: 'file-2', storeId: 'vs_2', storeName: null, status: 'completed' },
      { fileId: 'file-1', storeId: 'vs_1', storeName: 'One', status: 'failed' },
      { fileId: 'file-1', storeId: 'vs_2', storeName: null, status: 'completed' },
    ]);
  });

  it('totals the orphans: purpose assistants, not attached, old enough, still listed', async () => {
    await mirrorFiles(t.db, me, [
      fileRow('orphan', { bytes: 7 }),
      fileRow('unknown-size', { bytes: null }),
      fileRow('attached'),
      fileRow('other-purpose', { purpose: 'user_data' }),
      fileRow('fresh', { createdAt: NOW_S + 1 }),
      fileRow('missing'),
    ]);
    await mirrorAttachments(t.db, me, 'vs_1', [attachmentRow('attached')]);
    await asSyncer(t.db, me, (tx) => tx.files.markMissing(MINE, ['missing'], NOW_MS));
    expect(await t.db.read.fileList.orphanTotals(MINE, NOW_S + 1)).toEqual({ count: 2, sizeBytes: 7 });
    expect(await t.db.read.fileList.count(MINE)).toBe(6);
  });
}
