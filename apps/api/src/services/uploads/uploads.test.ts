import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { ACTOR, createPrimaryHarness, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { byteChunks } from '../../testing/primary-verbs.ts';
import { openFileContent } from '../files/open-file-content.ts';
import { updateGuardrails } from '../limits/guardrail-settings.ts';
import { addPart } from './add-part.ts';
import { cancelUpload } from './cancel-upload.ts';
import { completeUpload } from './complete-upload.ts';
import { createUpload } from './create-upload.ts';
import { expireUploads } from './expire-uploads.ts';

const by = asSystem(TENANT, ACTOR);
const md5 = (content: string) => createHash('md5').update(content).digest('hex');

const begin = (h: PrimaryHarness, sizeBytes: number) =>
  createUpload(h.deps, {
    by,
    filename: 'big.txt',
    purpose: 'assistants',
    mimeType: 'text/plain',
    sizeBytes,
    expiresAfterS: null,
  });
const send = (h: PrimaryHarness, uploadId: string, content: string) =>
  addPart(h.deps, { by: asSystem(TENANT, 'tester'), uploadId, source: byteChunks(content) });
const finish = (h: PrimaryHarness, id: string, partIds: string[], sum: string | null = null) =>
  completeUpload(h.deps, { by, id, partIds, md5: sum });

describe('uploads', () => {
  it('make one file of their parts, in the order they are named, and keep no part', async () => {
    const h = await createPrimaryHarness();
    const upload = await begin(h, 9);
    expect(upload).toMatchObject({ status: 'pending', expiresAtS: upload.createdAtS + 3600 });
    const [c, a, b] = [
      await send(h, upload.id, 'ghi'),
      await send(h, upload.id, 'abc'),
      await send(h, upload.id, 'def'),
    ];
    const done = await finish(h, upload.id, [a.id, b.id, c.id], md5('abcdefghi').toUpperCase());
    expect(done.upload).toMatchObject({ status: 'completed', fileId: done.file.id });
    expect(done.file).toMatchObject({ filename: 'big.txt', bytes: 9, mimeType: 'text/plain' });
    const { stream } = await openFileContent(h.deps, { tenantId: TENANT, id: done.file.id });
    expect(await text(stream)).toBe('abcdefghi');
    expect(await h.blobNames()).toEqual([done.file.sha256]);
  });

  it('may have one part whose bytes are the whole file', async () => {
    const h = await createPrimaryHarness();
    const upload = await begin(h, 3);
    const part = await send(h, upload.id, 'abc');
    const { file } = await finish(h, upload.id, [part.id]);
    expect(await h.blobNames()).toEqual([file.sha256]);
  });

  it('stay open when the parts do not make the announced file', async () => {
    const h = await createPrimaryHarness();
    const upload = await begin(h, 6);
    const other = await begin(h, 3);
    const [a, b] = [await send(h, upload.id, 'abc'), await send(h, upload.id, 'def')];
    const foreign = await send(h, other.id, 'def');
    for (const [partIds, sum] of [
      [[a.id], null],
      [[a.id, a.id], null],
      [[a.id, foreign.id], null],
      [[a.id, b.id], md5('abcdeF')],
    ] as const) {
      await expect(finish(h, upload.id, [...partIds], sum)).rejects.toMatchObject({ code: 'upload_incomplete' });
    }
    expect((await finish(h, upload.id, [a.id, b.id])).file.bytes).toBe(6);
  });

  it('accept nothing more once completed, cancelled or expired', async () => {
    const h = await createPrimaryHarness();
    const [completed, cancelled, over] = [await begin(h, 3), await begin(h, 3), await begin(h, 3)];
    await finish(h, completed.id, [(await send(h, completed.id, 'abc')).id]);
    await send(h, cancelled.id, 'xyz');
    expect(await cancelUpload(h.deps, { by, id: cancelled.id })).toMatchObject({ status: 'cancelled' });
    await send(h, over.id, 'uvw');
    h.advance(3_600_000);
    for (const { id } of [completed, cancelled, over]) {
      const closed = { code: 'upload_not_open' };
      await expect(send(h, id, 'abc')).rejects.toMatchObject(closed);
      await expect(finish(h, id, [])).rejects.toMatchObject(closed);
      await expect(cancelUpload(h.deps, { by, id })).rejects.toMatchObject(closed);
    }
    expect(await expireUploads(h.deps, { tenantId: TENANT })).toBe(1);
    // Only the bytes of the completed file are left.
    expect(await h.blobNames()).toHaveLength(1);
  });

  it('are rejected before a part is sent when the file would be too large', async () => {
    const h = await createPrimaryHarness();
    await updateGuardrails(h.deps, { by, change: { fileBytesMax: 100, totalBytesMax: 150 } });
    await expect(begin(h, 101)).rejects.toMatchObject({ details: { limit: 'fileBytesMax', max: 100, present: 101 } });
    const upload = await begin(h, 100);
    await send(h, upload.id, 'x'.repeat(100));
    await expect(begin(h, 60)).rejects.toMatchObject({ details: { limit: 'totalBytesMax', max: 150, present: 100 } });
    await expect(send(h, upload.id, 'x'.repeat(101))).rejects.toMatchObject({ code: 'limit_exceeded' });
  });

  it('are not found by another tenant', async () => {
    const h = await createPrimaryHarness();
    const { id } = await begin(h, 3);
    const theirs = addPart(h.deps, { by: asSystem('tenant-b', 'tester'), uploadId: id, source: byteChunks('abc') });
    await expect(theirs).rejects.toMatchObject({ code: 'upload_not_found' });
  });
});
