import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { ACTOR, createPrimaryHarness, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { addFile, addMirror, addStore, attach, countsOf } from '../../testing/primary-verbs.ts';
import { createTextParser } from '../../testing/text-parser.ts';
import { detachFile } from '../attachments/detach-file.ts';
import { storeKey } from '../store-index/store-key.ts';
import { cancelFileBatch } from './cancel-file-batch.ts';
import { createFileBatch } from './create-file-batch.ts';
import { getFileBatch } from './get-file-batch.ts';
import { listBatchFiles } from './list-batch-files.ts';

const by = asSystem(TENANT, ACTOR);

async function addFiles(h: PrimaryHarness, texts: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const text of texts) ids.push((await addFile(h, text, { filename: `${text}.txt` })).id);
  return ids;
}

const makeBatch = (h: PrimaryHarness, storeId: string, ids: readonly string[]) =>
  createFileBatch(h.deps, {
    by,
    storeId,
    files: ids.map((fileId) => ({ fileId, attributes: null, chunking: null })),
  });

describe('file batches', () => {
  it('attach all their files and count the results', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const ids = await addFiles(h, ['one', 'two', '!invalid_file']);
    const batch = await makeBatch(h, storeId, [...ids, ids[0] ?? '']);
    expect(batch).toMatchObject({ storeId, status: 'in_progress', fileCounts: { in_progress: 3, total: 3 } });
    expect(batch.id).toMatch(/^vsfb_[0-9a-f]{32}$/);
    await h.primary.start();
    await h.primary.idle();
    const key = { tenantId: TENANT, storeId, id: batch.id };
    expect(await getFileBatch(h.deps, key)).toMatchObject({
      status: 'completed',
      fileCounts: { in_progress: 0, completed: 2, failed: 1, cancelled: 0, total: 3 },
    });
    const page = { tenantId: TENANT, storeId, batchId: batch.id, order: 'asc', limit: 10 } as const;
    expect((await listBatchFiles(h.deps, page)).rows.map((row) => row.fileId)).toEqual(ids);
    const failed = await listBatchFiles(h.deps, { ...page, status: 'failed' });
    expect(failed.rows.map((row) => row.fileId)).toEqual([ids[2]]);
  });

  it('attach nothing when one of the files cannot be attached', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const { fileId } = await addMirror(h);
    const ids = await addFiles(h, ['one']);
    await expect(makeBatch(h, storeId, [...ids, fileId])).rejects.toMatchObject({ code: 'file_mirrored' });
    await expect(makeBatch(h, storeId, [])).rejects.toMatchObject({ code: 'invalid_request' });
    const many = Array.from({ length: 2001 }, (_, i) => `file-${i}`);
    await expect(makeBatch(h, storeId, many)).rejects.toMatchObject({ details: { max: 2000, present: 2001 } });
    expect(await countsOf(h, storeId)).toMatchObject({ total: 0 });
  });

  it('keep finished files and cancel the rest when cancelled, the one in progress too', async () => {
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const parser = createTextParser(async (name) => {
      if (name !== 'two.txt') return;
      reached.resolve();
      await gate.promise;
    });
    const h = await createPrimaryHarness({ parser, concurrency: 1 });
    const storeId = await addStore(h);
    const ids = await addFiles(h, ['one', 'two', 'three']);
    const batch = await makeBatch(h, storeId, ids);
    await h.primary.start();
    await reached.promise;
    const cancelled = await cancelFileBatch(h.deps, { by, storeId, id: batch.id });
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      fileCounts: { completed: 1, cancelled: 2, in_progress: 0 },
    });
    gate.resolve();
    await h.primary.idle();
    expect(h.index.contentOf(storeKey(TENANT, storeId))).toEqual({ [ids[0] ?? '']: ['one'] });
    expect(await countsOf(h, storeId)).toMatchObject({ completed: 1, cancelled: 2, total: 3, status: 'completed' });
    // A second cancel changes nothing; a cancelled file can be attached again.
    await cancelFileBatch(h.deps, { by, storeId, id: batch.id });
    await attach(h, storeId, ids[1] ?? '');
    await h.primary.idle();
    expect(await countsOf(h, storeId)).toMatchObject({ completed: 2, cancelled: 1 });
  });

  it('update the attributes of files that are already in the store, in the index at once', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const [id = ''] = await addFiles(h, ['one']);
    await makeBatch(h, storeId, [id]);
    await h.primary.start();
    await h.primary.idle();
    await createFileBatch(h.deps, { by, storeId, files: [{ fileId: id, attributes: { v: 2 }, chunking: null }] });
    expect(h.index.attributesOf(storeKey(TENANT, storeId), id)).toEqual({ v: 2 });
    expect(h.index.writes.filter((write) => write.startsWith('upsert'))).toHaveLength(1);
  });

  it('count a file that is already in the store with its status there, and a detached one as cancelled', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const ids = await addFiles(h, ['one', 'two']);
    await attach(h, storeId, ids[0] ?? '');
    await h.primary.start();
    await h.primary.idle();
    await h.primary.stop();
    const batch = await makeBatch(h, storeId, ids);
    expect(batch.fileCounts).toMatchObject({ completed: 1, in_progress: 1 });
    await detachFile(h.deps, { by, storeId, fileId: ids[1] ?? '' });
    expect(await getFileBatch(h.deps, { tenantId: TENANT, storeId, id: batch.id })).toMatchObject({
      status: 'completed',
      fileCounts: { completed: 1, cancelled: 1, total: 2 },
    });
  });

  it('are found in their own store and tenant only', async () => {
    const h = await createPrimaryHarness();
    const [storeId, other] = [await addStore(h, 'one'), await addStore(h, 'two')];
    const { id } = await makeBatch(h, storeId, await addFiles(h, ['one']));
    const missing = { code: 'file_batch_not_found' };
    await expect(getFileBatch(h.deps, { tenantId: TENANT, storeId: other, id })).rejects.toMatchObject(missing);
    await expect(cancelFileBatch(h.deps, { by, storeId: other, id })).rejects.toMatchObject(missing);
  });
});
