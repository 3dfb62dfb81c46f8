import { expect, it } from 'vitest';
import {
  asSyncer,
  attachmentRow,
  fileRow,
  mirrorAttachments as mirror,
  mirrorFiles,
  NOW_MS,
  NOW_S,
} from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';

const me = { tenantId: MINE };

export function attachmentsSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const list = (input: { storeId?: string; status?: string; text?: string } = {}) =>
    t.db.read.attachments.listOfStore({
      tenantId: MINE,
      storeId: 'vs_1',
      status: undefined,
      text: undefined,
      after: undefined,
      limit: 100,
      ...input,
    });
  const ids = async (input: Parameters<typeof list>[0] = {}) => {
    const { rows, total } = await list(input);
    expect(total).toBe(rows.length);
    return rows.map((row) => row.fileId);
  };
  const known = async (storeId = 'vs_1') => Object.fromEntries(await t.db.read.attachments.listKnown(MINE, storeId));
  const countOfFile = async (id: string) => (await t.db.read.fileList.find(MINE, id))?.attachmentCount;

  it("returns no attachment to a tenant that has none, for another tenant's ids", async () => {
    const { read } = t.db;
    expect(await known()).toEqual({});
    expect(await read.attachments.hasAny(MINE, 'vs_1')).toBe(false);
    expect(await read.attachments.countOf(MINE, 'conn')).toBe(0);
    expect(await read.attachments.listMissing(MINE, 'conn')).toEqual([]);
    expect(await read.attachments.storeTotals(MINE, 'vs_1')).toEqual({ heldCount: 0, ghostCount: 0 });
    expect(await list()).toEqual({ rows: [], total: 0 });
  });

  it("does not count attachments for another tenant's file, nor join with it", async () => {
    await mirror(t.db, me, 'vs_1', [attachmentRow('file-1')]);
    expect((await list()).rows[0]).toMatchObject({ isFileKnown: false, filename: null });
    await mirrorFiles(t.db, me, [fileRow('file-1')]);
    expect(await countOfFile('file-1')).toBe(1);
  });

  it('counts known attachments, finds them by id and reads them in parts in the order of their ids', async () => {
    const { attachments } = t.db.read;
    await mirror(
      t.db,
      me,
      'vs_1',
      ['file-b', 'file-a', 'file-c'].map((id) => attachmentRow(id)),
    );
    await mirror(t.db, me, 'vs_2', [attachmentRow('file-d')]);
    expect(await attachments.countKnown(MINE, 'vs_1')).toBe(3);
    expect(Object.keys(await known())).toEqual(['file-a', 'file-b', 'file-c']);
    const found = await attachments.findKnown(MINE, 'vs_1', ['file-d', 'file-c', 'file-a', 'file-a', 'no"such']);
    expect(Object.fromEntries(found)).toEqual({
      'file-a': { hash: 'completed', isMissing: false },
      'file-c': { hash: 'completed', isMissing: false },
    });
    const parts = ['', 'file-a', 'file-c'].map((after) => attachments.listKnown(MINE, 'vs_1', after, 2));
    expect((await Promise.all(parts)).map((part) => [...part.keys()])).toEqual([
      ['file-a', 'file-b'],
      ['file-b', 'file-c'],
      [],
    ]);
  });

  it('keeps every upstream field, unknown ones included, and replaces them on the next write', async () => {
    const first = attachmentRow('file-1', {
      status: 'some_new_status',
      usageBytes: null,
      lastError: { code: 'server_error', message: 'm' },
      chunkingStrategy: null,
      attributes: { n: 1.5, s: 'x', b: false },
      extra: { later: [1] },
    });
    const place = { storeId: 'vs_1', isFileKnown: false, filename: null, bytes: null, purpose: null, gaps: null };
    await mirror(t.db, me, 'vs_1', [first]);
    expect((await list()).rows).toEqual([{ ...first, ...place, missingSinceMs: null }]);
    await asSyncer(t.db, me, (tx) => tx.attachments.markMissing(MINE, 'vs_1', ['file-1'], NOW_MS));
    const second = attachmentRow('file-1', { attributes: null, createdAt: NOW_S + 1 });
    await mirror(t.db, me, 'vs_1', [second]);
    expect((await list()).rows).toEqual([{ ...second, ...place, missingSinceMs: null }]);
    expect(await known()).toEqual({ 'file-1': { hash: 'completed', isMissing: false } });
  });

  it('does not take over attachments of another connection', async () => {
    await mirror(t.db, { tenantId: MINE, connectionId: 'conn-2' }, 'vs_1', [attachmentRow('file-1')]);
    await mirror(t.db, me, 'vs_1', [attachmentRow('file-1', { status: 'stolen' })]);
    expect((await list()).rows).toMatchObject([{ status: 'completed' }]);
    expect(await t.db.read.attachments.countOf(MINE, 'conn-2')).toBe(1);
  });

  it('keeps the first instant at which an attachment was missing, store by store', async () => {
    await mirror(t.db, me, 'vs_1', [attachmentRow('file-1'), attachmentRow('file-2')]);
    await mirror(t.db, me, 'vs_2', [attachmentRow('file-1')]);
    await asSyncer(t.db, me, async (tx) => {
      await tx.attachments.markMissing(MINE, 'vs_1', ['file-1'], NOW_MS);
      await tx.attachments.markMissing(MINE, 'vs_1', ['file-1', 'file-2'], NOW_MS + 5);
      await tx.attachments.clearMissing(MINE, 'vs_1', 'file-2');
    });
    expect(await t.db.read.attachments.listMissing(MINE, 'conn')).toEqual([
      { storeId: 'vs_1', fileId: 'file-1', missingSinceMs: NOW_MS },
    ]);
    expect(await known()).toMatchObject({ 'file-1': { isMissing: true }, 'file-2': { isMissing: false } });
    expect(await ids({ status: 'missing' })).toEqual(['file-1']);
  });

  it('reports an attachment as a ghost while the project does not list its file', async () => {
    await mirrorFiles(t.db, me, [fileRow('file-1'), fileRow('file-2')]);
    await mirror(t.db, me, 'vs_1', [attachmentRow('file-1'), attachmentRow('file-2'), attachmentRow('file-3')]);
    await asSyncer(t.db, me, (tx) => tx.files.markMissing(MINE, ['file-2'], NOW_MS));
    expect((await ids({ status: 'ghost' })).sort()).toEqual(['file-2', 'file-3']);
    expect(await t.db.read.attachments.storeTotals(MINE, 'vs_1')).toEqual({ heldCount: 3, ghostCount: 2 });
  });

  it('finds attachments by filename and id, in any case and Unicode form', async () => {
    await mirrorFiles(t.db, me, [
      fileRow('file-Ab', { filename: 'RÉSUMÉ 100%_"final".pdf' }),
      fileRow('file-Cd', { filename: 'resume.pdf' }),
    ]);
    await mirror(t.db, me, 'vs_1', [attachmentRow('file-Ab'), attachmentRow('file-Cd'), attachmentRow('file-Ghost')]);
    expect(await ids({ text: 'résumé' })).toEqual(['file-Ab']);
    expect(await ids({ text: 're\u0301sume\u0301' })).toEqual(['file-Ab']);
    expect(await ids({ text: '%_"' })).toEqual(['file-Ab']);
    expect(await ids({ text: 'FILE-GHOST' })).toEqual(['file-Ghost']);
    expect((await ids({ text: '.PDF' })).sort()).toEqual(['file-Ab', 'file-Cd']);
    expect(await ids({ text: '  ' })).toHaveLength(3);
    expect(await ids({ text: 'no such' })).toEqual([]);
  });

  it('pages newest first, without gap or repeat, also with ties', async () => {
    const rows = Array.from({ length: 25 }, (_, i) =>
      attachmentRow(`file-${String(i).padStart(2, '0')}`, { createdAt: NOW_S + (i % 3), status: `s${i % 2}` }),
    );
    await mirror(t.db, me, 'vs_1', rows);
    await mirror(t.db, me, 'vs_2', [attachmentRow('file-99')]);
    const wanted = rows
      .filter((row) => row.status === 's0')
      .sort((a, b) => b.createdAt - a.createdAt || (a.fileId < b.fileId ? 1 : -1))
      .map((row) => row.fileId);
    const seen: string[] = [];
    for (let after: { createdAtS: number; fileId: string } | undefined; ; ) {
      const page = await t.db.read.attachments.listOfStore({
        tenantId: MINE,
        storeId: 'vs_1',
        status: 's0',
        text: undefined,
        after,
        limit: 4,
      });
      expect(page.total).toBe(wanted.length);
      seen.push(...page.rows.map((row) => row.fileId));
      const last = page.rows.at(-1);
      if (last === undefined) break;
      after = { createdAtS: last.createdAt, fileId: last.fileId };
    }
    expect(seen).toEqual(wanted);
  });

  it('removes attachments one by one, with their store or with their connection, and updates the counts of their files', async () => {
    await mirrorFiles(t.db, me, [fileRow('file-1'), fileRow('file-2')]);
    await mirror(t.db, me, 'vs_1', [attachmentRow('file-1'), attachmentRow('file-2')]);
    await mirror(t.db, me, 'vs_2', [attachmentRow('file-1'), attachmentRow('file-2')]);
    expect([await countOfFile('file-1'), await countOfFile('file-2')]).toEqual([2, 2]);
    await asSyncer(t.db, me, (tx) => tx.attachments.remove(MINE, 'vs_1', 'file-1'));
    expect([await countOfFile('file-1'), await countOfFile('file-2')]).toEqual([1, 2]);
    expect(await asSyncer(t.db, me, (tx) => tx.attachments.removeAllOfStore(MINE, 'vs_2'))).toBe(2);
    expect([await countOfFile('file-1'), await countOfFile('file-2')]).toEqual([0, 1]);
    expect(await t.db.read.attachments.hasAny(MINE, 'vs_2')).toBe(false);
    await asSyncer(t.db, me, (tx) => tx.attachments.removeAllOf(MINE, 'conn'));
    expect(await t.db.read.attachments.countOf(MINE, 'conn')).toBe(0);
    expect(await countOfFile('file-2')).toBe(0);
  });
}
