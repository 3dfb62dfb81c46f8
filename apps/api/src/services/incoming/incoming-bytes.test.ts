import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { ACTOR, createPrimaryHarness, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { addFile, addStore, attach, byteChunks } from '../../testing/primary-verbs.ts';
import { detachFile } from '../attachments/detach-file.ts';
import { DISK_RESERVE_BYTES } from '../disk/disk-room.ts';
import { createFile } from '../files/create-file.ts';
import { updateGuardrails } from '../limits/guardrail-settings.ts';
import { addPart } from '../uploads/add-part.ts';
import { cancelUpload } from '../uploads/cancel-upload.ts';
import { completeUpload } from '../uploads/complete-upload.ts';
import { createUpload } from '../uploads/create-upload.ts';

const by = asSystem(TENANT, ACTOR);
const PIECE_BYTES = 1_000;

const limitTotal = (h: PrimaryHarness, totalBytesMax: number) =>
  updateGuardrails(h.deps, { by, change: { totalBytesMax } });

const announceEightBytes = (h: PrimaryHarness) =>
  createUpload(h.deps, {
    by,
    filename: 'big.txt',
    purpose: 'assistants',
    mimeType: 'text/plain',
    sizeBytes: 8,
    expiresAfterS: null,
  });

/** A file whose chunks arrive when the test sends them. */
function openFile(h: PrimaryHarness) {
  const queue: (() => void)[] = [];
  let wake = () => {};
  let [ended, taken] = [false, 0];
  const source = (async function* () {
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) {
        yield Buffer.alloc(PIECE_BYTES, taken);
        taken += 1;
        next();
      } else if (ended) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  })();
  const done = createFile(h.deps, {
    by,
    filename: 'slow.txt',
    purpose: 'assistants',
    mimeType: null,
    expiresAfterS: null,
    source,
  });
  done.catch(() => undefined);
  return {
    done,
    /** Sends one chunk; returns whether it was accepted. */
    async send(): Promise<boolean> {
      const isTaken = new Promise<boolean>((resolve) => queue.push(() => resolve(true)));
      wake();
      return Promise.race([isTaken, done.then(() => false).catch(() => false)]);
    },
    end() {
      ended = true;
      wake();
      return done;
    },
  };
}

function tempBytes(h: PrimaryHarness): number {
  const folder = join(h.folder, 'blobs', 'tmp');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

describe('incoming bytes', () => {
  it('stay within the quota over many open uploads, on the disk too', async () => {
    const h = await createPrimaryHarness();
    await limitTotal(h, 10 * PIECE_BYTES);
    const files = Array.from({ length: 6 }, () => openFile(h));
    let most = 0;
    const sendAll = async (file: (typeof files)[number]) => {
      for (let piece = 0; piece < 4 && (await file.send()); piece += 1) most = Math.max(most, tempBytes(h));
      return file.end();
    };
    const ends = await Promise.allSettled(files.map(sendAll));
    expect(most).toBeGreaterThan(8 * PIECE_BYTES);
    expect(most).toBeLessThanOrEqual(10 * PIECE_BYTES);
    // Six times four chunks where ten fit: two files succeed, whatever the order.
    const refused = ends.filter((end) => end.status === 'rejected');
    expect(refused.length).toBe(4);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'limit_exceeded' });
    expect(await h.db.read.primaryFiles.sumBytes(TENANT, 0)).toBeLessThanOrEqual(10 * PIECE_BYTES);
    expect([h.deps.incoming.bytesOf(TENANT), tempBytes(h)]).toEqual([0, 0]);
  });

  it('release their space as soon as the client disconnects', async () => {
    const h = await createPrimaryHarness();
    await limitTotal(h, 2 * PIECE_BYTES);
    const controller = new AbortController();
    const silent = (async function* () {
      yield Buffer.alloc(2 * PIECE_BYTES);
      await new Promise(() => undefined);
    })();
    const input = { by, filename: 'a', purpose: 'assistants', mimeType: null, expiresAfterS: null };
    const gone = createFile(h.deps, { ...input, source: silent, signal: controller.signal });
    gone.catch(() => undefined);
    await expect.poll(() => h.deps.incoming.bytesOf(TENANT)).toBe(2 * PIECE_BYTES);
    await expect(addFile(h, 'x')).rejects.toMatchObject({ details: { limit: 'totalBytesMax', present: 2_000 } });
    controller.abort(new Error('the sender is gone'));
    await expect(gone).rejects.toThrow('the sender is gone');
    expect((await addFile(h, 'x'.repeat(2 * PIECE_BYTES))).bytes).toBe(2 * PIECE_BYTES);
  });

  it('use space that a deletion frees while they arrive', async () => {
    const h = await createPrimaryHarness();
    await limitTotal(h, 3 * PIECE_BYTES);
    const old = await addFile(h, 'o'.repeat(2 * PIECE_BYTES));
    const file = openFile(h);
    expect(await file.send()).toBe(true);
    await h.db.transaction((tx) => tx.primaryFiles.remove(TENANT, old.id));
    expect([await file.send(), await file.send()]).toEqual([true, true]);
    expect((await file.end()).bytes).toBe(3 * PIECE_BYTES);
  });

  it('are rejected beyond 64 transfers of a tenant, and accepted again when one has ended', async () => {
    const h = await createPrimaryHarness();
    const files = Array.from({ length: 64 }, () => openFile(h));
    await expect(addFile(h, 'one more')).rejects.toMatchObject({
      code: 'too_many_uploads',
      status: 429,
      details: { max: 64, retryAfterS: 1 },
    });
    for (const file of files) await file.send();
    await files[0]?.end();
    await addFile(h, 'one more');
    await Promise.all(files.map((file) => file.end()));
  });

  it('count only beyond the announced size of their upload when they are parts', async () => {
    const h = await createPrimaryHarness();
    await limitTotal(h, 10);
    const upload = await announceEightBytes(h);
    const part = (text: string) => addPart(h.deps, { by, uploadId: upload.id, source: byteChunks(text) });
    const used = [await part('aaaa'), await part('bbbb')];
    // 8 were announced, 2 more fit: the last one does not.
    await part('cc');
    await expect(part('ddd')).rejects.toMatchObject({ details: { limit: 'totalBytesMax' } });
    const partIds = used.map(({ id }) => id);
    const { file } = await completeUpload(h.deps, { by, id: upload.id, partIds, md5: null });
    expect(file.bytes).toBe(8);
    expect(await h.blobNames()).toEqual([file.sha256]);
  });

  it('are copied once when an upload is completed many times at once', async () => {
    let [copying, most] = [0, 0];
    const h = await createPrimaryHarness({
      blobs: (blobs) => ({
        ...blobs,
        async concat(...args) {
          copying += 1;
          most = Math.max(most, copying);
          try {
            return await blobs.concat(...args);
          } finally {
            copying -= 1;
          }
        },
      }),
    });
    await limitTotal(h, 8);
    const upload = await announceEightBytes(h);
    const { id } = await addPart(h.deps, { by, uploadId: upload.id, source: byteChunks('abcdefgh') });
    const complete = () => completeUpload(h.deps, { by, id: upload.id, partIds: [id], md5: null });
    const ends = await Promise.allSettled(Array.from({ length: 20 }, complete));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'upload_not_open' });
    expect(most).toBe(1);
  });

  it('leave nothing behind when an upload is completed with the wrong MD5', async () => {
    const h = await createPrimaryHarness();
    const upload = await announceEightBytes(h);
    const a = await addPart(h.deps, { by, uploadId: upload.id, source: byteChunks('abcd') });
    const b = await addPart(h.deps, { by, uploadId: upload.id, source: byteChunks('efgh') });
    const before = await h.blobNames();
    for (const partIds of [
      [a.id, b.id],
      [b.id, a.id],
    ]) {
      const wrong = completeUpload(h.deps, { by, id: upload.id, partIds, md5: '0'.repeat(32) });
      await expect(wrong).rejects.toMatchObject({ code: 'upload_incomplete' });
    }
    expect(await h.blobNames()).toEqual(before);
  });
});

describe('a disk with only its reserve left', () => {
  const MB = 2 ** 20;

  it('rejects files, parts and copies, and still allows every kind of deletion', async () => {
    let free = 2 ** 40;
    const h = await createPrimaryHarness({ freeBytes: () => free });
    const file = await addFile(h, 'kept');
    const storeId = await addStore(h);
    await attach(h, storeId, file.id);
    const upload = await createUpload(h.deps, {
      by,
      filename: 'big.txt',
      purpose: 'assistants',
      mimeType: 'text/plain',
      sizeBytes: 8 * MB,
      expiresAfterS: null,
    });
    const part = await addPart(h.deps, { by, uploadId: upload.id, source: one(Buffer.alloc(8 * MB)) });
    free = DISK_RESERVE_BYTES;
    const full = { code: 'disk_full', status: 507 };
    // The disk is measured again after every 8 MB at the latest.
    const large = Buffer.alloc(8 * MB + 1);
    await expect(addPart(h.deps, { by, uploadId: upload.id, source: one(Buffer.alloc(8 * MB)) })).rejects.toMatchObject(
      full,
    );
    const input = { by, filename: 'a', purpose: 'assistants', mimeType: null, expiresAfterS: null };
    await expect(createFile(h.deps, { ...input, source: one(large) })).rejects.toMatchObject(full);
    const copy = completeUpload(h.deps, { by, id: upload.id, partIds: [part.id], md5: null });
    await expect(copy).rejects.toMatchObject(full);
    await detachFile(h.deps, { by, storeId, fileId: file.id });
    expect(await cancelUpload(h.deps, { by, id: upload.id })).toMatchObject({ status: 'cancelled' });
    expect(tempBytes(h)).toBe(0);
    expect(await h.blobNames()).toEqual([file.sha256]);
  });

  it('keeps files waiting for ingestion, and ingests them when there is space', async () => {
    let free = 2 ** 40;
    const h = await createPrimaryHarness({ freeBytes: () => free });
    const storeId = await addStore(h);
    const file = await addFile(h, 'words to find');
    free = 0;
    await attach(h, storeId, file.id);
    await h.primary.start();
    await h.primary.idle();
    const status = async () => (await h.db.read.attachmentList.find(TENANT, storeId, file.id))?.status;
    expect(await status()).toBe('in_progress');
    free = 2 ** 40;
    h.advance(60_000);
    h.primary.deps.ingestion.wake();
    await h.primary.idle();
    expect(await status()).toBe('completed');
  });

  it('gives the same error when it is full all the same, and keeps nothing of an unfinished write', async () => {
    const h = await createPrimaryHarness({
      blobs: (blobs) => ({
        ...blobs,
        async write(source, options) {
          for await (const _ of source) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          return blobs.write(source, options);
        },
      }),
    });
    await expect(addFile(h, 'x')).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(h.deps.incoming.bytesOf(TENANT)).toBe(0);
  });
});

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
