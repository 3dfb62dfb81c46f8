import { asSystem, authorize } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { ACTOR, createPrimaryHarness, NOW_MS, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { addFile, addMirror, addStore, attach, countsOf } from '../../testing/primary-verbs.ts';
import { createFileBatch } from '../file-batches/create-file-batch.ts';
import { updateGuardrails } from '../limits/guardrail-settings.ts';
import { storeKey } from '../store-index/store-key.ts';
import { createVectorStore } from '../vector-stores/create-vector-store.ts';
import { updateVectorStore } from '../vector-stores/update-vector-store.ts';
import { attachFile } from './attach-file.ts';
import { detachFile } from './detach-file.ts';
import { listAttachments } from './list-attachments.ts';
import { updateAttributes } from './update-attributes.ts';

const by = asSystem(TENANT, ACTOR);
const guard = (h: PrimaryHarness, change: object) => updateGuardrails(h.deps, { by, change });

describe('attaching a file', () => {
  it('changes only the attributes when the strategy is the same, and ingests the file again otherwise', async () => {
    const h = await createPrimaryHarness();
    await h.primary.start();
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'words and more words');
    await attach(h, storeId, id, { attributes: { v: 1 } });
    await h.primary.idle();
    expect((await attach(h, storeId, id, { attributes: { v: 2 } })).status).toBe('completed');
    expect(h.index.attributesOf(storeKey(TENANT, storeId), id)).toEqual({ v: 2 });
    const again = await attach(h, storeId, id, { chunking: { maxTokens: 100, overlapTokens: 0 } });
    expect(again).toMatchObject({ status: 'in_progress', usageBytes: 0, attributes: {} });
    await h.primary.idle();
    expect(await countsOf(h, storeId)).toMatchObject({ completed: 1, total: 1 });
    expect(h.index.writes.filter((write) => write.startsWith('upsert'))).toHaveLength(2);
  });

  it('finds only files of the stores that the key is limited to', async () => {
    const h = await createPrimaryHarness();
    const [own, other] = [await addStore(h, 'own'), await addStore(h, 'other')];
    const [held, beyond, loose] = [await addFile(h, 'held'), await addFile(h, 'beyond'), await addFile(h, 'loose')];
    await attach(h, own, held.id);
    await attach(h, other, beyond.id);
    const principal = {
      isPerson: false,
      role: 'editor',
      actions: null,
      grants: {},
      address: null,
      endsAtMs: null,
    } as const;
    const who = { tenantId: TENANT, actor: 'key', requestId: null, storeIds: [own], ...principal };
    const heldBy = authorize(who, 'write', { storeId: own });
    const file = (fileId: string) => ({ fileId, attributes: null, chunking: null });
    expect((await attachFile(h.deps, { by: heldBy, storeId: own, ...file(held.id) })).fileId).toBe(held.id);
    for (const { id } of [beyond, loose]) {
      const notFound = `There is no file with id '${id}'.`;
      const refusal = { code: 'file_not_found', message: notFound };
      await expect(attachFile(h.deps, { by: heldBy, storeId: own, ...file(id) })).rejects.toMatchObject(refusal);
      const batch = { by: heldBy, storeId: own, files: [file(held.id), file(id)] };
      await expect(createFileBatch(h.deps, batch)).rejects.toMatchObject(refusal);
    }
    expect(await countsOf(h, own)).toMatchObject({ total: 1 });
    // A file created by the same request is in no store yet, and its creator may attach it.
    await attachFile(h.deps, { by: heldBy, storeId: own, ...file(loose.id), isMadeHere: true });
    expect(await countsOf(h, own)).toMatchObject({ total: 2 });
  });

  it('counts as a use of the store', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'words');
    h.advance(5_000);
    await attach(h, storeId, id);
    expect(await h.db.read.vectorStores.find(TENANT, storeId)).toMatchObject({ lastActiveAt: NOW_MS / 1000 + 5 });
  });

  it('fails when the file or the store is a mirror, or is not found', async () => {
    const h = await createPrimaryHarness();
    const mirror = await addMirror(h);
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'words');
    await expect(attach(h, mirror.storeId, id)).rejects.toMatchObject({ code: 'vector_store_read_only' });
    await expect(attach(h, storeId, mirror.fileId)).rejects.toMatchObject({ code: 'file_mirrored' });
    await expect(attach(h, storeId, 'file-none')).rejects.toMatchObject({ code: 'file_not_found' });
    await expect(attach(h, 'vs_none', id)).rejects.toMatchObject({ code: 'vector_store_not_found' });
    const edit = { by, storeId: mirror.storeId, fileId: mirror.fileId };
    const refused = { code: 'vector_store_read_only' };
    await expect(detachFile(h.deps, edit)).rejects.toMatchObject(refused);
    await expect(updateAttributes(h.deps, { ...edit, attributes: {} })).rejects.toMatchObject(refused);
  });

  it.each([
    ['17 attributes', { attributes: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 1])) }],
    ['a key of 65 characters', { attributes: { ['k'.repeat(65)]: 1 } }],
    ['a value of 513 characters', { attributes: { k: 'v'.repeat(513) } }],
    ['a number that is none', { attributes: { k: Number.NaN } }],
    ['chunks too small', { chunking: { maxTokens: 99, overlapTokens: 0 } }],
    ['chunks too large', { chunking: { maxTokens: 4097, overlapTokens: 0 } }],
    ['an overlap over half', { chunking: { maxTokens: 101, overlapTokens: 51 } }],
    ['an overlap under nothing', { chunking: { maxTokens: 100, overlapTokens: -1 } }],
  ])('fails with %s', async (_, fields) => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'words');
    await expect(attach(h, storeId, id, fields)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await countsOf(h, storeId)).toMatchObject({ total: 0 });
  });

  it('enforces the limit of files in a store under concurrent requests, and unique names', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    await guard(h, { filesPerStoreMax: 2, duplicateFilenames: 'refuse' });
    const files = await Promise.all(['a', 'b', 'c'].map((name) => addFile(h, name, { filename: `${name}.txt` })));
    const twin = await addFile(h, 'another', { filename: 'a.txt' });
    await attach(h, storeId, files[0]?.id ?? '');
    await expect(attach(h, storeId, twin.id)).rejects.toMatchObject({
      code: 'duplicate_name',
      details: { name: 'a.txt', fileId: files[0]?.id },
    });
    const both = await Promise.allSettled(files.slice(1).map(({ id }) => attach(h, storeId, id)));
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ details: { limit: 'filesPerStoreMax', max: 2, present: 2 } });
    // A file that is already in the store may be attached again.
    await attach(h, storeId, files[0]?.id ?? '');
  });
});

describe('creating a store', () => {
  it('attaches all given files, or creates nothing', async () => {
    const h = await createPrimaryHarness();
    const { id } = await addFile(h, 'words');
    const store = await createVectorStore(h.deps, {
      by,
      fields: { name: 'full' },
      fileIds: [id, id],
      chunking: { maxTokens: 200, overlapTokens: 10 },
    });
    expect(store).toMatchObject({ status: 'in_progress', fileCounts: { in_progress: 1, total: 1 } });
    const broken = createVectorStore(h.deps, { by, fields: { name: 'broken' }, fileIds: [id, 'file-none'] });
    await expect(broken).rejects.toMatchObject({ code: 'file_not_found' });
    expect(await h.db.read.primaryStores.findByName(TENANT, 'broken', '')).toBeUndefined();
  });

  it('enforces the limit of stores, and unique names', async () => {
    const h = await createPrimaryHarness();
    await guard(h, { storesMax: 2, duplicateStoreNames: 'refuse' });
    const first = await addStore(h, 'one');
    const taken = { code: 'duplicate_name', details: { name: 'one', vectorStoreId: first } };
    await expect(addStore(h, 'one')).rejects.toMatchObject(taken);
    const second = await addStore(h, 'two');
    const rename = updateVectorStore(h.deps, { by, id: second, edit: { name: 'one' } });
    await expect(rename).rejects.toMatchObject(taken);
    await updateVectorStore(h.deps, { by, id: second, edit: { name: 'two' } });
    await expect(addStore(h, 'three')).rejects.toMatchObject({
      code: 'limit_exceeded',
      details: { limit: 'storesMax', max: 2, present: 2 },
    });
  });
});

describe('the files of a store', () => {
  it('are paged to an exact end, in both directions, in the order they were attached', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const ids: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      const { id } = await addFile(h, `text ${i}`);
      await attach(h, storeId, id);
      ids.push(id);
      // Most have the same second of attachment.
      if (i === 4) h.advance(1_000);
    }
    const page = async (input: object) => {
      const { rows, hasMore } = await listAttachments(h.deps, {
        tenantId: TENANT,
        storeId,
        order: 'asc',
        limit: 3,
        ...input,
      });
      return { ids: rows.map((row) => ids.indexOf(row.fileId)), hasMore };
    };
    expect(await page({})).toEqual({ ids: [0, 1, 2], hasMore: true });
    expect(await page({ after: ids[2] })).toEqual({ ids: [3, 4, 5], hasMore: true });
    expect(await page({ after: ids[5] })).toEqual({ ids: [6], hasMore: false });
    expect(await page({ after: ids[3] })).toEqual({ ids: [4, 5, 6], hasMore: false });
    expect(await page({ order: 'desc' })).toEqual({ ids: [6, 5, 4], hasMore: true });
    expect(await page({ order: 'desc', after: ids[4] })).toEqual({ ids: [3, 2, 1], hasMore: true });
    expect(await page({ before: ids[4] })).toEqual({ ids: [1, 2, 3], hasMore: true });
    expect(await page({ before: ids[3] })).toEqual({ ids: [0, 1, 2], hasMore: false });
    expect(await page({ order: 'desc', before: ids[4] })).toEqual({ ids: [6, 5], hasMore: false });
    expect(await page({ after: ids[1], before: ids[4] })).toEqual({ ids: [2, 3], hasMore: false });
    expect(await page({ status: 'failed' })).toEqual({ ids: [], hasMore: false });
    await expect(page({ after: 'file-none' })).rejects.toMatchObject({ code: 'unknown_cursor' });
  });

  it('are listed for a mirror too', async () => {
    const h = await createPrimaryHarness();
    const { storeId, fileId } = await addMirror(h);
    const { rows } = await listAttachments(h.deps, { tenantId: TENANT, storeId, order: 'desc', limit: 10 });
    expect(rows.map((row) => [row.fileId, row.filename, row.status])).toEqual([[fileId, 'm.txt', 'completed']]);
  });
});
