import { text } from 'node:stream/consumers';
import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { runExpiry } from '../../jobs/run-expiry.ts';
import { byteChunks } from '../../testing/primary-verbs.ts';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';
import { attachFile } from '../attachments/attach-file.ts';
import { createFile } from '../files/create-file.ts';
import { openFileContent } from '../files/open-file-content.ts';
import { storeKey } from '../store-index/store-key.ts';
import { deleteFile } from './delete-file.ts';

const START_MS = Date.UTC(2026, 0, 15, 9);
const DAY_MS = 86_400_000;

const by = (h: ApiHarness) => asSystem(h.services.tenantId, 'tester');

const addFile = (h: ApiHarness, content: string, fields: { purpose?: string; expiresAfterS?: number } = {}) =>
  createFile(h.services, {
    by: by(h),
    filename: 'a.txt',
    purpose: fields.purpose ?? 'assistants',
    mimeType: null,
    expiresAfterS: fields.expiresAfterS ?? null,
    source: byteChunks(content),
  });

async function addStore(h: ApiHarness, fileIds: readonly string[]): Promise<string> {
  const { id } = await h.call('createVectorStore', { body: { name: 'S' } });
  for (const fileId of fileIds) {
    await attachFile(h.services, { by: by(h), storeId: id, fileId, attributes: null, chunking: null });
  }
  await h.services.ingestion.idle();
  return id;
}

async function started(): Promise<ApiHarness> {
  const h = await createApiHarness(START_MS);
  await h.services.ingestion.start();
  return h;
}

async function blobCount(h: ApiHarness): Promise<number> {
  let count = 0;
  for await (const _ of h.services.blobs.list()) count += 1;
  return count;
}

const indexed = async (h: ApiHarness, storeId: string) =>
  (await h.services.index.listFiles(storeKey(h.services.tenantId, storeId))).map((file) => file.fileId).sort();

async function carryOut(h: ApiHarness, body: { storeIds?: string[]; fileIds?: string[] }) {
  const plan = await h.call('planDeletion', { body });
  const { id } = await h.call('startDeletion', { body: { planHash: plan.planHash } });
  await h.services.deletionWorkers.idle();
  return { plan, deletion: await h.call('getDeletion', { params: { id } }) };
}

const counts = async (h: ApiHarness, id: string) => (await h.call('getVectorStore', { params: { id } })).fileCounts;

describe('deleting a primary file', () => {
  it('removes it from every store with its bytes and chunks before the call returns', async () => {
    const h = await started();
    const [gone, kept] = [await addFile(h, 'gone', { purpose: 'user_data' }), await addFile(h, 'kept')];
    const stores = [await addStore(h, [gone.id, kept.id]), await addStore(h, [gone.id])];
    const { deletionId } = await deleteFile(h.services, { by: by(h), id: gone.id });
    expect(await blobCount(h)).toBe(1);
    expect(await indexed(h, stores[0] ?? '')).toEqual([kept.id]);
    expect(await indexed(h, stores[1] ?? '')).toEqual([]);
    expect(await counts(h, stores[0] ?? '')).toMatchObject({ completed: 1, total: 1 });
    expect(await counts(h, stores[1] ?? '')).toMatchObject({ completed: 0, total: 0 });
    await expect(h.call('getFile', { params: { id: gone.id } })).rejects.toMatchObject({ status: 404 });
    await h.services.deletionWorkers.idle();
    expect(await h.call('getDeletion', { params: { id: deletionId } })).toMatchObject({
      status: 'succeeded',
      steps: { total: 3, done: 3 },
    });
  });

  it('keeps its bytes while another file has the same', async () => {
    const h = await started();
    const [a, b] = [await addFile(h, 'the same'), await addFile(h, 'the same')];
    await deleteFile(h.services, { by: by(h), id: a.id });
    const { stream } = await openFileContent(h.services, { tenantId: h.services.tenantId, id: b.id });
    expect(await text(stream)).toBe('the same');
    await deleteFile(h.services, { by: by(h), id: b.id });
    expect(await blobCount(h)).toBe(0);
  });

  it('keeps the file by a plan while a store outside the plan uses it', async () => {
    const h = await started();
    const file = await addFile(h, 'shared');
    await addStore(h, [file.id]);
    const plan = await h.call('planDeletion', { body: { fileIds: [file.id] } });
    expect(plan).toMatchObject({ counts: { filesToDelete: 0, filesKept: 1 }, filesKept: [{ reason: 'shared' }] });
    const loose = await addFile(h, 'loose');
    const { plan: other, deletion } = await carryOut(h, { fileIds: [loose.id] });
    expect(other).toMatchObject({
      requestsNeeded: 0,
      consequences: expect.arrayContaining([expect.stringContaining('stored in Espejo is deleted')]),
    });
    expect(deletion.status).toBe('succeeded');
    expect(await blobCount(h)).toBe(1);
  });

  it('happens with the orphans once it has been in no store for long enough', async () => {
    const h = await started();
    const [held, loose] = [await addFile(h, 'a'), await addFile(h, 'b')];
    await addFile(h, 'of use without a store', { purpose: 'batch' });
    await addStore(h, [held.id]);
    h.clock.advance(DAY_MS);
    await addFile(h, 'possibly about to be attached');
    const plan = await h.call('planDeletion', { body: { orphans: true } }).catch((cause: unknown) => cause);
    // The connection of this harness does not answer, so orphans are requested without it.
    expect(plan).toMatchObject({ code: expect.stringMatching(/^upstream_/) });
    await h.services.db.transaction((tx) =>
      tx.connections.update(h.services.tenantId, 'default', { isEnabled: false }),
    );
    const mine = await h.call('planDeletion', { body: { orphans: true } });
    expect(mine.filesToDelete.map((file) => file.id)).toEqual([loose.id]);
  });

  it('happens automatically when it expires', async () => {
    const h = await started();
    const file = await addFile(h, 'short-lived', { expiresAfterS: 3600 });
    const lasting = await addFile(h, 'lasting');
    const storeId = await addStore(h, [file.id, lasting.id]);
    h.clock.advance(3_599_000);
    await runExpiry(h.services, { tenantId: h.services.tenantId });
    expect(await indexed(h, storeId)).toHaveLength(2);
    h.clock.advance(1_000);
    await runExpiry(h.services, { tenantId: h.services.tenantId });
    await h.services.deletionWorkers.idle();
    expect(await indexed(h, storeId)).toEqual([lasting.id]);
    expect(await blobCount(h)).toBe(1);
    expect(await counts(h, storeId)).toMatchObject({ total: 1 });
  });
});

describe('deleting a primary store', () => {
  it('keeps its content in the trash, and deletes it for good at the purge; its files stay', async () => {
    const h = await started();
    const file = await addFile(h, 'words');
    const storeId = await addStore(h, [file.id]);
    await carryOut(h, { storeIds: [storeId] });
    expect(await indexed(h, storeId)).toEqual([file.id]);
    await h.call('restoreVectorStore', { params: { id: storeId } });
    expect(await counts(h, storeId)).toMatchObject({ completed: 1, total: 1 });
    await carryOut(h, { storeIds: [storeId] });
    h.clock.advance(31 * DAY_MS);
    await runExpiry(h.services, { tenantId: h.services.tenantId });
    await h.services.deletionWorkers.idle();
    await expect(h.services.index.stats(storeKey(h.services.tenantId, storeId))).rejects.toThrow();
    expect(await h.services.db.read.fileList.find(h.services.tenantId, file.id)).toMatchObject({ attachmentCount: 0 });
    expect(await blobCount(h)).toBe(1);
    expect(await h.services.db.read.localTasks.list(h.services.tenantId, 0, 10)).toEqual([]);
  });

  it('is completed at the next start when the process was killed', async () => {
    const h = await started();
    const file = await addFile(h, 'words');
    const storeId = await addStore(h, [file.id]);
    const { db, tenantId, clock } = h.services;
    // The state right after the ledger's transaction.
    await db.transaction(async (tx) => {
      await tx.trash.put(tenantId, storeId, clock.nowMs());
      await tx.trash.purge(tenantId, storeId, 'trashed', clock.nowMs());
      await tx.localTasks.add(tenantId, { kind: 'drop_store', storeId }, clock.nowMs());
      const sha256 = (await tx.primaryFiles.remove(tenantId, file.id)) ?? '';
      await tx.localTasks.add(tenantId, { kind: 'remove_blob', sha256 }, clock.nowMs());
    });
    await h.services.start();
    expect(await blobCount(h)).toBe(0);
    await expect(h.services.index.stats(storeKey(h.services.tenantId, storeId))).rejects.toThrow();
  });
});
