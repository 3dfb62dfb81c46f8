import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { runMaintenance } from '../../jobs/run-maintenance.ts';
import { ACTOR, createPrimaryHarness, NOW_MS, TENANT } from '../../testing/primary-harness.ts';
import { addFile, addMirror, byteChunks } from '../../testing/primary-verbs.ts';
import { updateGuardrails } from '../limits/guardrail-settings.ts';
import { findFile } from '../lookup/find-file.ts';
import { createFile } from './create-file.ts';
import { openFileContent } from './open-file-content.ts';

const sha = (content: string) => createHash('sha256').update(content).digest('hex');

describe('primary files', () => {
  it('keep their bytes, and return correct metadata', async () => {
    const h = await createPrimaryHarness();
    const file = await addFile(h, 'Hello, Espejo.', { filename: 'greeting.md', expiresAfterS: 3600 });
    expect(file).toMatchObject({
      filename: 'greeting.md',
      bytes: 14,
      purpose: 'assistants',
      status: 'processed',
      mimeType: 'text/markdown',
      sha256: sha('Hello, Espejo.'),
      createdAt: NOW_MS / 1000,
      expiresAt: NOW_MS / 1000 + 3600,
      connectionId: null,
    });
    expect(file.id).toMatch(/^file-[0-9A-Za-z]{22}$/);
    const content = await openFileContent(h.deps, { tenantId: TENANT, id: file.id });
    expect([content.sizeBytes, await text(content.stream)]).toEqual([14, 'Hello, Espejo.']);
  });

  it('share one blob when two have equal bytes', async () => {
    const h = await createPrimaryHarness();
    const [a, b] = [await addFile(h, 'same'), await addFile(h, 'same')];
    expect(a.id).not.toBe(b.id);
    expect(await h.blobNames()).toEqual([sha('same')]);
  });

  it('are not found from the second they expire', async () => {
    const h = await createPrimaryHarness();
    const { id } = await addFile(h, 'short-lived', { expiresAfterS: 3600 });
    h.advance(3_599_999);
    expect((await findFile(h.deps, { tenantId: TENANT, id })).id).toBe(id);
    h.advance(1);
    await expect(findFile(h.deps, { tenantId: TENANT, id })).rejects.toMatchObject({ code: 'file_not_found' });
    await expect(openFileContent(h.deps, { tenantId: TENANT, id })).rejects.toMatchObject({ code: 'file_not_found' });
  });

  it.each([
    ['an unknown purpose', { purpose: 'fun' }],
    ['no name', { filename: ' ' }],
    ['an expiry too near', { expiresAfterS: 3599 }],
    ['an expiry too far', { expiresAfterS: 2_592_001 }],
  ])('are rejected for %s before a byte is read', async (_, fields) => {
    const h = await createPrimaryHarness();
    let isRead = false;
    const source = (async function* () {
      isRead = true;
      yield Buffer.from('x');
    })();
    const input = { filename: 'a', purpose: 'assistants', mimeType: null, expiresAfterS: null, ...fields };
    const made = createFile(h.deps, { by: asSystem(TENANT, ACTOR), ...input, source });
    await expect(made).rejects.toMatchObject({ code: 'invalid_request' });
    expect(isRead).toBe(false);
  });

  it('leave nothing behind when an upload breaks off', async () => {
    const h = await createPrimaryHarness();
    const source = (async function* () {
      yield Buffer.from('half of ');
      throw new Error('the connection is closed');
    })();
    const input = { filename: 'a', purpose: 'assistants', mimeType: null, expiresAfterS: null, source };
    await expect(createFile(h.deps, { by: asSystem(TENANT, ACTOR), ...input })).rejects.toThrow(
      'the connection is closed',
    );
    expect(await h.blobNames()).toEqual([]);
    expect(readdirSync(join(h.folder, 'blobs', 'tmp'))).toEqual([]);
    expect(await h.db.read.fileList.count(TENANT)).toBe(0);
  });

  it('have no bytes when mirrored', async () => {
    const h = await createPrimaryHarness();
    const { fileId: id } = await addMirror(h);
    expect((await findFile(h.deps, { tenantId: TENANT, id })).connectionId).toBe('conn');
    await expect(openFileContent(h.deps, { tenantId: TENANT, id })).rejects.toMatchObject({
      code: 'file_content_unavailable',
    });
  });

  it('are not found in another tenant', async () => {
    const h = await createPrimaryHarness();
    const { id } = await addFile(h, 'mine');
    const theirs = findFile(h.deps, { tenantId: 'tenant-b', id });
    await expect(theirs).rejects.toMatchObject({ code: 'file_not_found' });
  });
});

describe('limits of files', () => {
  const limit = (h: Awaited<ReturnType<typeof createPrimaryHarness>>, change: object) =>
    updateGuardrails(h.deps, { by: asSystem(TENANT, ACTOR), change });

  it('reject a file that is too large while it arrives, and name the limit', async () => {
    const h = await createPrimaryHarness();
    await limit(h, { fileBytesMax: 10 });
    await addFile(h, '0123456789');
    await expect(addFile(h, '0123456789x')).rejects.toMatchObject({
      code: 'limit_exceeded',
      details: { limit: 'fileBytesMax', max: 10, present: 11 },
    });
    expect(await h.blobNames()).toEqual([sha('0123456789')]);
  });

  it('reject what exceeds the total of all bytes, also parts of concurrent uploads', async () => {
    const h = await createPrimaryHarness();
    await limit(h, { totalBytesMax: 10 });
    // Both fit alone, and are checked before either is recorded.
    const both = await Promise.allSettled([addFile(h, 'aaaaaa'), addFile(h, 'bbbbbb')]);
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await h.db.read.primaryFiles.sumBytes(TENANT, 0)).toBe(6);
    expect(await h.blobNames()).toHaveLength(1);
    await expect(addFile(h, 'ccccc')).rejects.toMatchObject({
      code: 'limit_exceeded',
      details: { limit: 'totalBytesMax', max: 10, present: 6 },
    });
  });

  it('reject types that are not allowed, by type or by family', async () => {
    const h = await createPrimaryHarness();
    await limit(h, { allowedMimeTypes: ['text/*', 'application/pdf'] });
    await addFile(h, 'a', { filename: 'a.md' });
    await addFile(h, 'a', { filename: 'a.pdf' });
    await addFile(h, 'a', { filename: 'a.bin', mimeType: 'text/plain; charset=utf-8' });
    for (const fields of [{ filename: 'a.zip' }, { filename: 'nothing' }, { mimeType: 'image/png' }]) {
      await expect(addFile(h, 'a', fields)).rejects.toMatchObject({ code: 'file_type_refused' });
    }
  });
});

describe('unreferenced content', () => {
  it('is set aside after its grace period and deleted after 30 days; referenced content stays', async () => {
    const h = await createPrimaryHarness();
    const kept = await addFile(h, 'kept');
    // The process was killed between writing the bytes and recording them.
    const left = await h.blobs.write(byteChunks('left behind'), { maxBytes: 100 });
    const sweep = () =>
      runMaintenance(
        {
          ...h.deps,
          uptimeMs: () => 24 * 3_600_000,
          derived: { get: async () => undefined, put: async () => {}, forget: async () => {}, trim: async () => {} },
        },
        { tenantIds: async () => [TENANT], signal: new AbortController().signal },
      );
    h.advance(Date.now() - NOW_MS);
    await sweep();
    expect(await h.blobNames()).toHaveLength(2);
    h.advance(25 * 3_600_000);
    await sweep();
    expect(await h.blobNames()).toEqual([kept.sha256]);
    h.advance(29 * 24 * 3_600_000);
    await sweep();
    expect(await h.blobs.takeBack(left.sha256)).toBe(true);
    await h.blobs.setAside(left.sha256, Date.now());
    h.advance(30 * 24 * 3_600_000);
    await sweep();
    expect(await h.blobs.takeBack(left.sha256)).toBe(false);
    expect(await h.blobNames()).toEqual([kept.sha256]);
  });

  it('is not removed when a new file references it at the same time', async () => {
    const h = await createPrimaryHarness();
    const name = sha('contested');
    for (let round = 0; round < 20; round += 1) {
      await h.db.transaction((tx) => tx.localTasks.add(TENANT, { kind: 'remove_blob', sha256: name }, 1));
      const [made] = await Promise.allSettled([addFile(h, 'contested'), h.deps.localWork.perform(TENANT)]);
      // Either the file exists with its bytes, or the client is told to send it again.
      if (made.status === 'fulfilled') {
        const { stream } = await openFileContent(h.deps, { tenantId: TENANT, id: made.value.id });
        expect(await text(stream)).toBe('contested');
        await h.db.transaction((tx) => tx.primaryFiles.remove(TENANT, made.value.id));
      } else expect(made.reason).toMatchObject({ code: 'content_busy' });
    }
  });
});
