import { asSystem } from '@espejo/core';
import { describe, expect, it, vi } from 'vitest';
import { ACTOR, createPrimaryHarness, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { addFile, addStore, attach, byteChunks, countsOf } from '../../testing/primary-verbs.ts';
import { createTextParser } from '../../testing/text-parser.ts';
import { attachFile } from '../attachments/attach-file.ts';
import { detachFile } from '../attachments/detach-file.ts';
import { getAttachment } from '../attachments/get-attachment.ts';
import { listContent } from '../attachments/list-content.ts';
import { retryIngestion } from '../attachments/retry-ingestion.ts';
import { updateAttributes } from '../attachments/update-attributes.ts';
import type { IngestionEvent } from '../context/events.ts';
import { createFile, recordFile } from '../files/create-file.ts';
import { storeKey } from '../store-index/store-key.ts';
import { createVectorStore } from '../vector-stores/create-vector-store.ts';

const by = asSystem(TENANT, ACTOR);

const find = (h: PrimaryHarness, storeId: string, fileId: string) =>
  getAttachment(h.deps, { tenantId: TENANT, storeId, fileId });

async function started(options: Parameters<typeof createPrimaryHarness>[0] = {}) {
  const h = await createPrimaryHarness(options);
  await h.primary.start();
  return h;
}

/** A parser that waits in the middle of the named file until it is released. */
function pausingParser(filename: string) {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const parser = createTextParser(async (name) => {
    if (name !== filename) return;
    reached.resolve();
    await gate.promise;
  });
  return { parser, reached: reached.promise, release: gate.resolve };
}

describe('ingestion', () => {
  it('shows an attached file as in progress at once, and as completed when its chunks are in the index', async () => {
    const h = await started();
    const storeId = await addStore(h);
    const events: IngestionEvent[] = [];
    h.deps.ingestionHub.subscribe(TENANT, storeId, (event) => events.push(event));
    const file = await addFile(h, 'The quick brown fox.');
    const attachment = await attach(h, storeId, file.id, { attributes: { year: 2026, draft: false } });
    expect(attachment).toMatchObject({
      status: 'in_progress',
      usageBytes: 0,
      attributes: { year: 2026, draft: false },
      chunkingStrategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
      lastError: null,
    });
    await h.primary.idle();
    const done = await find(h, storeId, file.id);
    expect(done).toMatchObject({ status: 'completed', chunkCount: 1, lastError: null });
    expect(done.usageBytes).toBeGreaterThan(0);
    expect(h.index.contentOf(storeKey(TENANT, storeId))).toEqual({ [file.id]: ['The quick brown fox.'] });
    expect(h.index.attributesOf(storeKey(TENANT, storeId), file.id)).toEqual({ year: 2026, draft: false });
    expect(await countsOf(h, storeId)).toEqual({
      in_progress: 0,
      completed: 1,
      failed: 0,
      cancelled: 0,
      total: 1,
      usageBytes: done.usageBytes,
      status: 'completed',
    });
    expect(events.map((event) => event.phase ?? event.status)).toEqual([
      'waiting',
      'parsing',
      'embedding',
      'embedding',
      'indexing',
      'completed',
    ]);
  });

  it('fails a bad file with its code and a sentence, and goes on with the others', async () => {
    const h = await started();
    const storeId = await addStore(h);
    const bad = await addFile(h, '!invalid_file', { filename: 'bad.pdf' });
    const odd = await addFile(h, '!unsupported_file', { filename: 'odd.xyz' });
    // No endpoint accepts a file without bytes; an older row may have none.
    const blob = await h.blobs.write(byteChunks(''), { maxBytes: 0 });
    const fields = { filename: 'empty.txt', purpose: 'assistants', mimeType: null, expiresAfterS: null };
    const empty = await recordFile(h.deps, { by: asSystem(TENANT, ACTOR), ...fields, blob });
    const good = await addFile(h, 'words');
    for (const { id } of [bad, odd, empty, good]) await attach(h, storeId, id);
    await h.primary.idle();
    const lastError = async (id: string) => (await find(h, storeId, id)).lastError;
    expect(await lastError(bad.id)).toEqual({ code: 'invalid_file', message: 'bad.pdf cannot be read.' });
    expect(await lastError(odd.id)).toEqual({ code: 'unsupported_file', message: 'odd.xyz cannot be read.' });
    expect(await lastError(empty.id)).toMatchObject({ code: 'invalid_file' });
    expect(await countsOf(h, storeId)).toMatchObject({ failed: 3, completed: 1, total: 4, status: 'completed' });
    expect(h.index.contentOf(storeKey(TENANT, storeId))).toEqual({ [good.id]: ['words'] });
  });

  it('parses and embeds equal content of a tenant once, also concurrently', async () => {
    const parsed: string[] = [];
    const h = await started({ parser: createTextParser(async (name) => void parsed.push(name)), concurrency: 4 });
    const stores = [await addStore(h, 'one'), await addStore(h, 'two')];
    const files = [await addFile(h, 'equal bytes'), await addFile(h, 'equal bytes')];
    for (const storeId of stores) for (const { id } of files) await attach(h, storeId, id);
    await h.primary.idle();
    expect(parsed).toEqual(['a.txt']);
    for (const storeId of stores) {
      expect(Object.values(h.index.contentOf(storeKey(TENANT, storeId)) ?? {})).toEqual([
        ['equal bytes'],
        ['equal bytes'],
      ]);
    }
    // Another strategy has its own entry, and deleting the content removes every entry of it.
    await attach(h, stores[0] ?? '', files[0]?.id ?? '', { chunking: { maxTokens: 100, overlapTokens: 0 } });
    await h.primary.idle();
    expect(parsed).toHaveLength(2);
  });

  it('retries a temporary error with growing delays, and then fails with its cause', async () => {
    let failures = 3;
    const h = await started();
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'words');
    h.index.onWrite = async () => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('the disk hiccups');
      }
    };
    await attach(h, storeId, id);
    const waits: number[] = [];
    for (;;) {
      await h.primary.idle();
      const { status, nextAttemptAtMs, attempts } = await find(h, storeId, id);
      if (status !== 'in_progress' || nextAttemptAtMs === null) break;
      expect(attempts).toBe(waits.length + 1);
      waits.push(nextAttemptAtMs - h.deps.clock.nowMs());
      h.advance(nextAttemptAtMs - h.deps.clock.nowMs());
      h.deps.ingestion.wake();
    }
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(await find(h, storeId, id)).toMatchObject({ status: 'completed', attempts: 4 });

    failures = Number.POSITIVE_INFINITY;
    const other = await addFile(h, 'other words');
    await attach(h, storeId, other.id);
    for (let round = 0; round < 20; round += 1) {
      await h.primary.idle();
      h.advance(3_600_000);
      h.deps.ingestion.wake();
    }
    await h.primary.idle();
    expect(await find(h, storeId, other.id)).toMatchObject({
      status: 'failed',
      attempts: 9,
      lastError: { code: 'server_error' },
    });
    expect(JSON.stringify((await find(h, storeId, other.id)).lastError)).not.toContain('hiccups');

    failures = 0;
    expect(await retryIngestion(h.deps, { by, storeId, fileIds: 'failed' })).toEqual({ fileIds: [other.id] });
    expect(await countsOf(h, storeId)).toMatchObject({ in_progress: 1, failed: 0, status: 'in_progress' });
    await h.primary.idle();
    expect(await find(h, storeId, other.id)).toMatchObject({ status: 'completed', lastError: null });
    expect(await retryIngestion(h.deps, { by, storeId, fileIds: 'failed' })).toEqual({ fileIds: [] });
    const retried = retryIngestion(h.deps, { by, storeId, fileIds: [other.id] });
    await expect(retried).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('adds nothing of a file to the index that was detached meanwhile', async () => {
    const { parser, reached, release } = pausingParser('slow.txt');
    const h = await started({ parser });
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'slow words', { filename: 'slow.txt' });
    await attach(h, storeId, id);
    await reached;
    await detachFile(h.deps, { by, storeId, fileId: id });
    release();
    await h.primary.idle();
    expect(h.index.contentOf(storeKey(TENANT, storeId)) ?? {}).toEqual({});
    expect(await countsOf(h, storeId)).toMatchObject({ total: 0, usageBytes: 0, status: 'completed' });
    await expect(find(h, storeId, id)).rejects.toMatchObject({ code: 'attachment_not_found' });
  });

  it('removes a file from the index that was detached while it was being added', async () => {
    const h = await started();
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'words');
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    h.index.onWrite = async (write) => {
      if (!write.startsWith('upsert')) return;
      reached.resolve();
      await gate.promise;
    };
    await attach(h, storeId, id);
    await reached.promise;
    const detached = detachFile(h.deps, { by, storeId, fileId: id });
    gate.resolve();
    await detached;
    await h.primary.idle();
    expect(h.index.contentOf(storeKey(TENANT, storeId))).toEqual({});
    expect(await countsOf(h, storeId)).toMatchObject({ total: 0, usageBytes: 0 });
  });

  it('shows attributes that were edited at any moment', async () => {
    const { parser, reached, release } = pausingParser('slow.txt');
    const h = await started({ parser });
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'slow words', { filename: 'slow.txt' });
    await attach(h, storeId, id, { attributes: { v: 1 } });
    await reached;
    const edit = (attributes: Record<string, number> | null) =>
      updateAttributes(h.deps, { by, storeId, fileId: id, attributes });
    await edit({ v: 2 });
    release();
    await h.primary.idle();
    expect(h.index.attributesOf(storeKey(TENANT, storeId), id)).toEqual({ v: 2 });
    expect((await edit({ w: 3 })).attributes).toEqual({ w: 3 });
    expect(h.index.attributesOf(storeKey(TENANT, storeId), id)).toEqual({ w: 3 });
    expect((await edit(null)).attributes).toEqual({});
    expect(h.index.attributesOf(storeKey(TENANT, storeId), id)).toEqual({});
  });

  it('skips a store in the trash, and continues when it is restored', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'words');
    await attach(h, storeId, id);
    await h.db.transaction((tx) => tx.trash.put(TENANT, storeId, h.deps.clock.nowMs()));
    await h.primary.start();
    await h.primary.idle();
    expect(h.index.writes).toEqual([]);
    await h.db.transaction((tx) => tx.trash.restore(TENANT, storeId, h.deps.clock.nowMs()));
    h.deps.ingestion.wake();
    await h.primary.idle();
    expect((await find(h, storeId, id)).status).toBe('completed');
  });

  it('releases files in progress when it stops, and the next process finishes them', async () => {
    const { parser, reached, release } = pausingParser('slow.txt');
    const h = await started({ parser });
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'slow words', { filename: 'slow.txt' });
    await attach(h, storeId, id);
    await reached;
    release();
    const next = await h.openAgain({});
    expect(await find(next, storeId, id)).toMatchObject({ status: 'in_progress', attempts: 0 });
    await next.primary.start();
    await next.primary.idle();
    expect((await find(next, storeId, id)).status).toBe('completed');
  });

  it('takes over the files of a dead process at once', async () => {
    const h = await createPrimaryHarness();
    const storeId = await addStore(h);
    const { id } = await addFile(h, 'words');
    await attach(h, storeId, id);
    const nowMs = h.deps.clock.nowMs();
    const claim = { tenantId: TENANT, nowMs, expiresAtMs: nowMs + 3_600_000, exceptStoreIds: [], busyStoreIds: [] };
    const { hostname } = await import('node:os');
    await h.db.transaction((tx) => tx.ingestionQueue.claim({ ...claim, owner: `${hostname()}/${2 ** 30}/dead` }));
    await h.primary.start();
    await h.primary.idle();
    expect((await find(h, storeId, id)).status).toBe('completed');
  });

  describe('a file during whose reading the process died', () => {
    /** A process claims the next file, starts to read it, and dies. */
    async function dieWhileReading(h: PrimaryHarness, times: number): Promise<void> {
      const nowMs = h.deps.clock.nowMs();
      const claim = { tenantId: TENANT, nowMs, expiresAtMs: nowMs + 3_600_000, exceptStoreIds: [], busyStoreIds: [] };
      for (let time = 0; time < times; time += 1) {
        await h.db.transaction(async (tx) => {
          const held = await tx.ingestionQueue.claim({ ...claim, owner: 'dead' });
          if (held === undefined) throw new Error('Nothing was claimed.');
          await tx.ingestionQueue.noteReading(held, true);
          await tx.ingestionQueue.releaseOwner(TENANT, 'dead');
        });
      }
    }

    it('is read once more while no other file is read, and the others are read together', async () => {
      const areBothRead = Promise.withResolvers<void>();
      const inside = new Set<string>();
      /** What was being read whenever one more began. */
      const together: string[][] = [];
      const parser = createTextParser(async (name) => {
        inside.add(name);
        together.push([...inside].toSorted());
        if (inside.has('one.txt') && inside.has('two.txt')) areBothRead.resolve();
        // Neither ends before both have begun: a file that may only be read alone has to wait for them.
        if (name === 'one.txt' || name === 'two.txt') await areBothRead.promise;
        inside.delete(name);
      });
      const h = await createPrimaryHarness({ parser, concurrency: 4 });
      const storeId = await addStore(h);
      const add = async (filename: string) =>
        attach(h, storeId, (await addFile(h, `words of ${filename}`, { filename })).id);
      await add('suspect.txt');
      await dieWhileReading(h, 2);
      for (const name of ['one.txt', 'two.txt', 'late.txt']) await add(name);
      h.advance(1);
      await h.primary.start();
      await h.primary.idle();
      expect(together).toContainEqual(['one.txt', 'two.txt']);
      expect(together.filter((names) => names.includes('suspect.txt'))).toEqual([['suspect.txt']]);
      expect(await countsOf(h, storeId)).toMatchObject({ completed: 4, total: 4 });
    });

    it('fails after three attempts, and can be retried by its owner', async () => {
      const parsed: string[] = [];
      const h = await createPrimaryHarness({ parser: createTextParser(async (name) => void parsed.push(name)) });
      const storeId = await addStore(h);
      const { id } = await addFile(h, 'poison');
      await attach(h, storeId, id);
      await dieWhileReading(h, 3);
      await h.primary.start();
      await h.primary.idle();
      expect(await find(h, storeId, id)).toMatchObject({
        status: 'failed',
        lastError: { code: 'invalid_file', message: expect.stringMatching(/ended 3 times while it read this file/) },
      });
      expect(parsed).toEqual([]);
      await retryIngestion(h.deps, { by, storeId, fileIds: 'failed' });
      await h.primary.idle();
      expect((await find(h, storeId, id)).status).toBe('completed');
    });
  });

  it('is preceded by a file of another tenant, however many files of its own are in progress', async () => {
    const other = 'tenant_other';
    const { parser, reached, release } = pausingParser('slow.txt');
    const turns: (string | undefined)[] = [];
    const h = await createPrimaryHarness({
      otherTenantIds: [other],
      concurrency: 2,
      parser: {
        ...parser,
        parse: (file, options) => {
          turns.push(options?.turn?.tenantId);
          return parser.parse(file, options);
        },
      },
    });
    const storeId = await addStore(h);
    for (const text of ['one', 'two', 'three', 'four']) {
      await attach(h, storeId, (await addFile(h, text, { filename: 'slow.txt' })).id);
    }
    await h.primary.start();
    await reached;
    const byOther = asSystem(other, ACTOR);
    const { id: theirStoreId } = await createVectorStore(h.deps, { by: byOther, fields: { name: 'theirs' } });
    const theirs = await createFile(h.deps, {
      by: byOther,
      filename: 'a.txt',
      purpose: 'assistants',
      mimeType: null,
      expiresAfterS: null,
      source: byteChunks('their words'),
    });
    await attachFile(h.deps, {
      by: byOther,
      storeId: theirStoreId,
      fileId: theirs.id,
      attributes: null,
      chunking: null,
    });
    const status = async () =>
      (await getAttachment(h.deps, { tenantId: other, storeId: theirStoreId, fileId: theirs.id })).status;
    await vi.waitFor(async () => expect(await status()).toBe('completed'), { timeout: 300_000 });
    expect(turns).toEqual([TENANT, TENANT, other]);
    release();
    await h.primary.idle();
    expect(turns.slice(3)).toEqual([TENANT, TENANT]);
  });

  it('returns the text of a file once, however its chunks overlap', async () => {
    const h = await started();
    const storeId = await addStore(h);
    const words = Array.from({ length: 700 }, (_, i) => `word${i}`).join(' ');
    const { id } = await addFile(h, words);
    await attach(h, storeId, id, { chunking: { maxTokens: 100, overlapTokens: 50 } });
    await h.primary.idle();
    const { texts } = await listContent(h.deps, { tenantId: TENANT, storeId, fileId: id });
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.join('')).toBe(words);
  });
});
