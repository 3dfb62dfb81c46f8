import { asSystem } from '@espejo/core';
import { createLexicalEmbedder, EmbeddingError } from '@espejo/retrieval';
import { describe, expect, it } from 'vitest';
import { ACTOR, createPrimaryHarness, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { addFile, addStore, attach, byteChunks, countsOf } from '../../testing/primary-verbs.ts';
import { allAtOnce, allow } from '../../testing/quotas.ts';
import { retryIngestion } from '../attachments/retry-ingestion.ts';
import { createFileBatch } from '../file-batches/create-file-batch.ts';
import { addPart } from '../uploads/add-part.ts';
import { completeUpload } from '../uploads/complete-upload.ts';
import { createUpload } from '../uploads/create-upload.ts';
import { updateGuardrails } from './guardrail-settings.ts';

const by = asSystem(TENANT, ACTOR);
const TIMES = 50;
const exceeded = (limit: string, max: number, present: unknown) => ({
  code: 'quota_exceeded',
  status: 403,
  details: { limit, max, present },
});
const bytesOf = (h: PrimaryHarness) => h.db.read.primaryFiles.sumBytes(TENANT, h.deps.clock.nowMs() / 1000);
const begin = (h: PrimaryHarness, sizeBytes: number) =>
  createUpload(h.deps, {
    by,
    filename: 'a.txt',
    purpose: 'assistants',
    mimeType: 'text/plain',
    sizeBytes,
    expiresAfterS: null,
  });
const send = (h: PrimaryHarness, uploadId: string, text: string) =>
  addPart(h.deps, { by, uploadId, source: byteChunks(text) });

describe('fifty concurrent requests with one left in the quota', () => {
  it('create one store', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { storesMax: 3 });
    for (const name of ['one', 'two']) await addStore(h, name);
    const { done, refusals } = await allAtOnce(TIMES, () => addStore(h, 'more'));
    expect(done).toBe(1);
    for (const refusal of refusals) expect(refusal).toMatchObject(exceeded('storesMax', 3, 3));
    expect(await h.db.read.primaryStores.count(TENANT)).toBe(3);
  });

  it('create one attachment, by single requests and by batches', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { filesPerStoreMax: 2 });
    const storeId = await addStore(h);
    const first = await addFile(h, 'first');
    await attach(h, storeId, first.id);
    const ids: string[] = [];
    for (let i = 0; i < TIMES; i += 1) ids.push((await addFile(h, `text ${i}`)).id);
    const file = (fileId: string) => ({ fileId, attributes: null, chunking: null });
    const { done, refusals } = await allAtOnce(TIMES, (turn) => {
      const id = ids[turn] ?? '';
      return turn % 2 === 0 ? attach(h, storeId, id) : createFileBatch(h.deps, { by, storeId, files: [file(id)] });
    });
    expect(done).toBe(1);
    for (const refusal of refusals) expect(refusal).toMatchObject(exceeded('filesPerStoreMax', 2, 2));
    expect(await countsOf(h, storeId)).toMatchObject({ total: 2 });
    // Two files of which one is there count as one more; none of which is new count as none.
    await expect(
      createFileBatch(h.deps, { by, storeId, files: [file(first.id), file(ids[49] ?? '')] }),
    ).rejects.toMatchObject({ code: 'quota_exceeded' });
    await allow(h.deps, TENANT, { filesPerStoreMax: 1 });
    await attach(h, storeId, first.id);
  });

  it('store the bytes of one file', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { totalBytesMax: 25 });
    await addFile(h, '0123456789');
    const { done, refusals } = await allAtOnce(TIMES, (turn) => addFile(h, String(turn).padStart(10, '-')));
    expect(done).toBe(1);
    // Bytes that arrive at the same time count as present, so the reported number depends on the order.
    for (const refusal of refusals) expect(refusal).toMatchObject(exceeded('totalBytesMax', 25, expect.any(Number)));
    expect(await bytesOf(h)).toBe(20);
    expect(await h.blobNames(), 'a rejected request leaves nothing').toHaveLength(2);
  });

  it('reserve the bytes of one upload in parts from its creation on', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { totalBytesMax: 25 });
    await addFile(h, '0123456789');
    const { done, refusals } = await allAtOnce(TIMES, (turn) =>
      turn % 2 === 0 ? begin(h, 10) : addFile(h, String(turn).padStart(10, '-')),
    );
    expect(done).toBe(1);
    for (const refusal of refusals) expect(refusal).toMatchObject(exceeded('totalBytesMax', 25, 20));
    expect(await bytesOf(h)).toBe(20);
  });
});

describe('an upload in parts', () => {
  it('always fits once it was created, and is counted once', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { totalBytesMax: 10 });
    const { id } = await begin(h, 10);
    await expect(addFile(h, 'x')).rejects.toMatchObject(exceeded('totalBytesMax', 10, 10));
    const parts = [await send(h, id, '01234'), await send(h, id, '56789')];
    const { file } = await completeUpload(h.deps, { by, id, partIds: parts.map((part) => part.id), md5: null });
    expect([file.bytes, await bytesOf(h)]).toEqual([10, 10]);
  });

  it('cannot add more bytes by its parts than fit', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { totalBytesMax: 12 });
    const { id } = await begin(h, 6);
    await send(h, id, 'aaaaaa');
    // A part sent twice is accepted: there is room.
    await send(h, id, 'bbbbbb');
    expect(await bytesOf(h)).toBe(12);
    const { done, refusals } = await allAtOnce(TIMES, (turn) => send(h, id, String.fromCharCode(65 + turn)));
    expect(done).toBe(0);
    for (const refusal of refusals) expect(refusal).toMatchObject(exceeded('totalBytesMax', 12, 12));
    expect(await h.blobNames()).toHaveLength(2);
  });

  it('reserves nothing after its hour is over, except the parts that are still there', async () => {
    const h = await createPrimaryHarness();
    const { id } = await begin(h, 1_000);
    await send(h, id, 'abc');
    expect(await bytesOf(h)).toBe(1_000);
    h.advance(3_600_000);
    expect(await bytesOf(h)).toBe(3);
    await h.primary.maintain();
    expect(await bytesOf(h)).toBe(0);
  });
});

describe('the stricter limit', () => {
  it('applies, and the error names its source', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { fileBytesMax: 5 });
    await expect(addFile(h, '012345')).rejects.toMatchObject(exceeded('fileBytesMax', 5, 6));
    await updateGuardrails(h.deps, { by, change: { fileBytesMax: 3, storesMax: 1 } });
    await expect(addFile(h, '012345')).rejects.toMatchObject({
      code: 'limit_exceeded',
      details: { limit: 'fileBytesMax', max: 3, present: 4 },
    });
    await allow(h.deps, TENANT, { storesMax: 1 });
    await addStore(h);
    await expect(addStore(h)).rejects.toMatchObject(exceeded('storesMax', 1, 1));
  });

  it('allows a file whose type both lists allow', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { allowedMimeTypes: ['text/*'] });
    await updateGuardrails(h.deps, { by, change: { allowedMimeTypes: ['text/plain', 'application/pdf'] } });
    await addFile(h, 'a', { filename: 'a.txt' });
    const refused = (allowed: string[]) => ({ code: 'file_type_refused', details: { allowed } });
    await expect(addFile(h, 'a', { filename: 'a.pdf' })).rejects.toMatchObject(refused(['text/*']));
    await expect(addFile(h, 'a', { filename: 'a.md' })).rejects.toMatchObject(
      refused(['text/plain', 'application/pdf']),
    );
  });
});

describe('tokens per day', () => {
  const stateOf = async (h: PrimaryHarness, storeId: string, fileId: string) => {
    const row = await h.db.read.attachmentList.find(TENANT, storeId, fileId);
    return { status: row?.status, message: row?.lastError?.message };
  };

  it('are counted for files with new text, every time, and not for cached embeddings', async () => {
    const h = await createPrimaryHarness({ concurrency: 2 });
    await h.primary.start();
    const [one, two] = [await addStore(h), await addStore(h)];
    const text = 'words and more words';
    const file = await addFile(h, text);
    for (const storeId of [one, two]) await attach(h, storeId, file.id);
    await h.primary.idle();
    const day = Math.floor(h.deps.clock.nowMs() / 86_400_000);
    const used = () => h.db.read.usageCounters.value({ tenantId: TENANT, name: 'ingested_tokens', day });
    const first = await used();
    expect(first).toBeGreaterThan(2);
    await attach(h, one, (await addFile(h, `${text} again`)).id);
    await h.primary.idle();
    expect(await used()).toBeGreaterThan(first);
  });

  it('are not exceeded by concurrent files; a rejected file has the reset time, and is ingested after midnight', async () => {
    const h = await createPrimaryHarness({ concurrency: 8 });
    const storeId = await addStore(h);
    const probe = await addFile(h, 'word number 00');
    await attach(h, storeId, probe.id);
    await h.primary.start();
    await h.primary.idle();
    const day = Math.floor(h.deps.clock.nowMs() / 86_400_000);
    const key = { tenantId: TENANT, name: 'ingested_tokens', day };
    const each = await h.db.read.usageCounters.value(key);
    await allow(h.deps, TENANT, { ingestedTokensPerDayMax: each * 4 + 1 });
    const ids: string[] = [];
    for (let i = 10; i < 22; i += 1) ids.push((await addFile(h, `word number ${i}`)).id);
    await Promise.all(ids.map((id) => attach(h, storeId, id)));
    await h.primary.idle();
    expect(await countsOf(h, storeId)).toMatchObject({ completed: 4, failed: 9 });
    expect(await h.db.read.usageCounters.value(key)).toBe(each * 4);
    const failed = ids.map((id) => stateOf(h, storeId, id));
    const messages = (await Promise.all(failed)).filter(({ status }) => status === 'failed');
    for (const { message } of messages) expect(message).toMatch(/Try again at 2026-01-16T00:00:00/);

    h.advance(86_400_000);
    await retryIngestion(h.deps, { by, storeId, fileIds: 'failed' });
    await h.primary.idle();
    expect(await countsOf(h, storeId)).toMatchObject({ completed: 8, failed: 5 });
  });

  it('are returned when embedding fails', async () => {
    const lexical = createLexicalEmbedder();
    const embedder = {
      ...lexical,
      embed: async () => {
        throw new EmbeddingError('unauthorized');
      },
    };
    const h = await createPrimaryHarness({ embedder });
    const storeId = await addStore(h);
    await attach(h, storeId, (await addFile(h, 'words')).id);
    await h.primary.start();
    await h.primary.idle();
    expect(await countsOf(h, storeId)).toMatchObject({ failed: 1 });
    const day = Math.floor(h.deps.clock.nowMs() / 86_400_000);
    expect(await h.db.read.usageCounters.value({ tenantId: TENANT, name: 'ingested_tokens', day })).toBe(0);
  });
});
