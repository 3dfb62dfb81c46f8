import { expect, it } from 'vitest';
import { asSyncer, attachmentRow, fileRow, mirrorAttachments, mirrorFiles, NOW_MS, NOW_S } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';

const me = { tenantId: MINE };

export function filesSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const find = (id: string) => t.db.read.fileList.find(MINE, id);
  const known = async (...ids: string[]) => Object.fromEntries(await t.db.read.files.findKnown(MINE, 'conn', ids));

  it("returns no file to a tenant that has none, for another tenant's ids", async () => {
    expect(await find('file-1')).toBeUndefined();
    expect(await known('file-1')).toEqual({});
    expect(await t.db.read.files.summarize(MINE, 'conn')).toEqual({ count: 0, seqMax: 0 });
    const range = { afterSeq: 0, seqMax: 1e9, limit: 10 };
    expect(await t.db.read.files.listSeqs(MINE, 'conn', range)).toEqual([]);
    expect(await t.db.read.files.listMissing(MINE, 'conn')).toEqual([]);
  });

  it('keeps every upstream field, unknown ones included, and replaces them on the next write', async () => {
    const first = fileRow('file-1', { bytes: null, status: null, expiresAt: NOW_S + 60, extra: { later: true } });
    const kept = {
      connectionId: 'conn',
      attachmentCount: 0,
      missingSinceMs: null,
      sha256: null,
      mimeType: null,
      adoptedFrom: null,
      isUsedByTool: false,
    };
    await mirrorFiles(t.db, me, [first]);
    expect(await find('file-1')).toEqual({ ...first, ...kept, syncedAtMs: NOW_MS });
    await asSyncer(t.db, me, (tx) => tx.files.markMissing(MINE, ['file-1'], NOW_MS));
    const second = fileRow('file-1', { filename: 'new.pdf', purpose: 'user_data', bytes: 2 ** 41 });
    await mirrorFiles(t.db, me, [second], NOW_MS + 5);
    expect(await find('file-1')).toEqual({ ...second, ...kept, syncedAtMs: NOW_MS + 5 });
    expect(await known('file-1', 'file-9')).toEqual({
      'file-1': { seq: expect.any(Number), hash: 'new.pdf', isMissing: false },
    });
  });

  it('does not know files of another connection and does not take them over', async () => {
    await mirrorFiles(t.db, { tenantId: MINE, connectionId: 'conn-2' }, [fileRow('file-1')]);
    expect(await known('file-1')).toEqual({});
    await mirrorFiles(t.db, me, [fileRow('file-1', { filename: 'stolen' })]);
    expect(await find('file-1')).toMatchObject({ connectionId: 'conn-2', filename: 'file-1.txt' });
  });

  it('counts attachments that were mirrored before their file', async () => {
    await mirrorAttachments(t.db, me, 'vs_1', [attachmentRow('file-1')]);
    await mirrorAttachments(t.db, me, 'vs_2', [attachmentRow('file-1')]);
    await mirrorFiles(t.db, me, [fileRow('file-1')]);
    expect(await find('file-1')).toMatchObject({ attachmentCount: 2 });
  });

  it('numbers files in the order they came and lists them by number', async () => {
    await mirrorFiles(
      t.db,
      me,
      ['c', 'a', 'b'].map((id) => fileRow(id)),
    );
    await mirrorFiles(t.db, { tenantId: MINE, connectionId: 'conn-2' }, [fileRow('x')]);
    const { count, seqMax } = await t.db.read.files.summarize(MINE, 'conn');
    expect(count).toBe(3);
    await mirrorFiles(t.db, me, [fileRow('later'), fileRow('a', { filename: 'again' })]);
    const first = await t.db.read.files.listSeqs(MINE, 'conn', { afterSeq: 0, seqMax, limit: 2 });
    expect(first.map((row) => row.id)).toEqual(['c', 'a']);
    const afterSeq = first.at(-1)?.seq ?? 0;
    const rest = await t.db.read.files.listSeqs(MINE, 'conn', { afterSeq, seqMax, limit: 2 });
    expect(rest).toEqual([{ seq: seqMax, id: 'b' }]);
    expect((await known('a')).a?.seq).toBe(afterSeq);
  });

  it('keeps the first instant at which a file was missing', async () => {
    await mirrorFiles(t.db, me, [fileRow('file-1'), fileRow('file-2')]);
    await asSyncer(t.db, me, async (tx) => {
      await tx.files.markMissing(MINE, ['file-1'], NOW_MS);
      await tx.files.markMissing(MINE, ['file-1', 'file-2'], NOW_MS + 5);
      await tx.files.clearMissing(MINE, 'file-2');
    });
    expect(await t.db.read.files.listMissing(MINE, 'conn')).toEqual([
      { id: 'file-1', filename: 'file-1.txt', missingSinceMs: NOW_MS },
    ]);
    expect(await known('file-1', 'file-2')).toMatchObject({
      'file-1': { isMissing: true },
      'file-2': { isMissing: false },
    });
  });

  it('removes files one by one, or all of a connection', async () => {
    await mirrorFiles(t.db, me, [fileRow('file-1'), fileRow('file-2')]);
    await mirrorFiles(t.db, { tenantId: MINE, connectionId: 'conn-2' }, [fileRow('file-3')]);
    await asSyncer(t.db, me, (tx) => tx.files.remove(MINE, 'file-1'));
    expect(Object.keys(await known('file-1', 'file-2'))).toEqual(['file-2']);
    await asSyncer(t.db, me, (tx) => tx.files.removeAllOf(MINE, 'conn'));
    expect(await known('file-2')).toEqual({});
    expect(await find('file-3')).toBeDefined();
  });
}
