import { type Authorized, asSystem } from '@espejo/core';
import type { ConnectionRow, TransferItemRecord } from '@espejo/db';
import { createManualClock, type FaultInput, startSandbox } from '@espejo/sandbox';
import { createOpenAiConnection } from '@espejo/upstream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPrimaryHarness, NOW_MS, type PrimaryHarness, TENANT } from '../../../testing/primary-harness.ts';
import { addFile, addStore, attach } from '../../../testing/primary-verbs.ts';
import { NEVER_SYNCED } from '../../connections/create-connection.ts';
import type { TransferContext, TransferWorkContext } from '../../context/app-context.ts';
import { finishTransfer, retryTransfer } from '../control-transfer.ts';
import { presentTransfer } from '../present-transfer.ts';
import { startTransfer } from '../start-transfer.ts';
import { createTransferWorkers } from '../transfer-workers.ts';
import { MISSING_PATIENCE_MS } from './missing-wait.ts';

const CONNECTION = 'conn-1';
const by = asSystem(TENANT, 'tester') as Authorized<'write'>;
const ATTACH = { path: '/vector_stores/*/files', method: 'POST' } as const;

/** A primary store with these files, and a project to publish it into; waits move both clocks and take no time. */
async function publisher(filenames: readonly string[] = ['one.md', 'two.md']) {
  const sandbox = await startSandbox({ clock: createManualClock(NOW_MS), processingDelayMs: 0 });
  onTestFinished(() => sandbox.close());
  const harness = await createPrimaryHarness();
  const storeId = await addStore(harness, 'Sea');
  for (const filename of filenames) {
    const { id } = await addFile(harness, `text of ${filename}`, { filename });
    await attach(harness, storeId, id, { attributes: { topic: filename } });
  }
  await harness.primary.start();
  await harness.primary.idle();
  await harness.db.transaction((tx) => tx.connections.insert(connectionRow(sandbox.url)));
  const waitsMs: number[] = [];
  let onWait: (ms: number) => void = () => undefined;

  function open(primary: PrimaryHarness): TransferContext {
    const upstream = createOpenAiConnection({ baseUrl: sandbox.url, apiKey: 'sk-1', backoffMs: 0 });
    const work: TransferWorkContext = {
      ...primary.deps,
      settings: { relistIntervalMs: 1, filesIntervalMs: 1, leaseTtlMs: 30_000 },
      owner: 'publisher',
      upstreamFor: () => upstream.reader,
      deleterFor: () => upstream.deleter,
      publisherFor: () => upstream.publisher,
      searcherFor: () => upstream.searcher,
      syncSoon: async () => undefined,
      async sleep(ms, signal) {
        signal.throwIfAborted();
        waitsMs.push(ms);
        primary.advance(ms);
        sandbox.clock.advance(ms);
        onWait(ms);
      },
    };
    return { ...work, transferWorkers: createTransferWorkers(work) };
  }

  let current = harness;
  let deps = open(harness);
  onTestFinished(() => deps.transferWorkers.stop());
  const h = {
    sandbox,
    waitsMs,
    storeId,
    get deps() {
      return deps;
    },
    onWait(listener: (ms: number) => void) {
      onWait = listener;
    },
    async start(): Promise<string> {
      const body = { kind: 'publish' as const, storeId, connectionId: CONNECTION, name: 'Sea upstream' };
      return (await startTransfer(deps, { by, body })).id;
    },
    async publish(...faults: FaultInput[]) {
      for (const fault of faults) sandbox.faults.add(fault);
      const id = await h.start();
      await deps.transferWorkers.idle();
      return h.get(id);
    },
    async get(id: string) {
      const row = await deps.db.read.transfers.find(TENANT, id);
      if (row === undefined) throw new Error(`There is no transfer ${id}.`);
      return presentTransfer(deps, row);
    },
    items: (id: string): Promise<TransferItemRecord[]> =>
      deps.db.read.transferItems.list({
        tenantId: TENANT,
        transferId: id,
        states: undefined,
        afterPosition: -1,
        limit: 100,
      }),
    /** Simulates a restart: another process resumes its transfers. */
    async restart() {
      await deps.transferWorkers.stop();
      current = await current.openAgain();
      deps = open(current);
    },
    async retry(id: string) {
      await retryTransfer(deps, { by, id });
      await deps.transferWorkers.idle();
      return h.get(id);
    },
    attaches: () => sandbox.requests.byRoute['POST /vector_stores/*/files'] ?? 0,
    filesUpstream: () =>
      sandbox.state
        .snapshot()
        .files.map((file) => file.filename)
        .sort(),
  };
  return h;
}

function connectionRow(baseUrl: string): ConnectionRow {
  return {
    tenantId: TENANT,
    id: CONNECTION,
    name: 'Project',
    kind: 'openai',
    origin: 'console',
    baseUrl,
    apiKeyCipher: null,
    apiKeyFingerprint: 'f',
    organization: null,
    project: null,
    isEnabled: true,
    isSyncEnabled: false,
    syncCron: '*/5 * * * *',
    removalGraceS: 3600,
    concurrency: 4,
    ...NEVER_SYNCED,
    createdAtMs: NOW_MS,
    updatedAtMs: NOW_MS,
  };
}

describe('an upstream that finds new objects late', () => {
  it('is retried with growing pauses: every file is there in the end, with few requests', async () => {
    const h = await publisher();
    const done = await h.publish({ kind: 'object_lag', lookups: 5, ...ATTACH });
    expect(done).toMatchObject({ status: 'succeeded', counts: { expected: 2, written: 2, skipped: 0 } });
    expect(h.attaches()).toBe(2 * (5 + 1));
    expect(h.waitsMs.length).toBeGreaterThanOrEqual(5);
    expect(h.waitsMs.slice(0, 5)).toEqual(h.waitsMs.slice(0, 5).toSorted((a, b) => a - b));
    expect(h.filesUpstream()).toEqual(['one.md', 'two.md']);
  });

  it('is not sent more attach requests when it lists attachments late', async () => {
    const h = await publisher();
    const done = await h.publish(
      { kind: 'list_lag', lagMs: 8_000, path: '/vector_stores/*/files' },
      { kind: 'object_lag', lookups: 4, path: '/vector_stores/*/files/*', method: 'GET' },
    );
    expect(done).toMatchObject({ status: 'succeeded', counts: { expected: 2, written: 2 } });
    expect(h.attaches()).toBe(2);
  });

  it('makes the transfer give up after ten minutes without the files: both are taken back, and a retry starts again', async () => {
    const h = await publisher();
    const parked = await h.publish({ kind: 'object_lag', lookups: 1_000, ...ATTACH });
    expect(parked).toMatchObject({ status: 'parked', counts: { expected: 2, written: 0, failed: 2 } });
    for (const item of await h.items(parked.id)) {
      expect(item).toMatchObject({ state: 'failed', targetFileId: null });
      expect(item.reason).toMatch(/has not found it.* for 10 minutes/);
    }
    const waitedMs = h.waitsMs.reduce((sum, ms) => sum + ms, 0);
    expect(waitedMs).toBeGreaterThanOrEqual(MISSING_PATIENCE_MS);
    expect(waitedMs).toBeLessThan(MISSING_PATIENCE_MS + 60_000);
    expect(h.attaches()).toBeLessThan(80);
    expect(h.filesUpstream()).toEqual([]);
    h.sandbox.faults.clear();
    expect(await h.retry(parked.id)).toMatchObject({ status: 'succeeded', counts: { expected: 2, written: 2 } });
    expect(h.filesUpstream()).toEqual(['one.md', 'two.md']);
  });

  it('does not get another ten minutes when the process restarts', async () => {
    const h = await publisher(['one.md']);
    h.sandbox.faults.add({ kind: 'object_lag', lookups: 1_000, ...ATTACH });
    let restarts = 0;
    const stopped = Promise.withResolvers<void>();
    h.onWait(() => {
      if (h.waitsMs.length % 8 !== 0 || restarts >= 3) return;
      restarts += 1;
      void h.deps.transferWorkers.stop().then(stopped.resolve);
    });
    const id = await h.start();
    await h.deps.transferWorkers.idle();
    for (let turn = 0; turn < 5 && (await h.get(id)).status === 'running'; turn += 1) {
      await h.restart();
      await h.deps.transferWorkers.resume(TENANT);
      await h.deps.transferWorkers.idle();
    }
    await stopped.promise;
    expect(restarts).toBe(3);
    expect(await h.get(id)).toMatchObject({ status: 'parked', counts: { failed: 1 } });
    expect(h.waitsMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(MISSING_PATIENCE_MS + 60_000);
  });

  it('gets no uploads while it does not find the store, and the reason names the store', async () => {
    const h = await publisher(['one.md']);
    h.sandbox.faults.add({ kind: 'status', status: 403, path: '/uploads', method: 'POST' });
    const { id } = await h.publish();
    h.sandbox.faults.clear();
    h.sandbox.faults.add({ kind: 'object_lag', lookups: 3, path: '/vector_stores/*', method: 'GET' });
    expect(await h.retry(id)).toMatchObject({ status: 'succeeded' });

    const again = await publisher(['one.md']);
    again.sandbox.faults.add({ kind: 'status', status: 403, path: '/uploads', method: 'POST' });
    const parked = await again.publish();
    again.sandbox.faults.clear();
    again.sandbox.state.deleteStore(parked.target.id ?? '');
    const over = await again.retry(parked.id);
    expect(over).toMatchObject({
      status: 'parked',
      reason: expect.stringMatching(/has not found vector store 'vs_.*for 10 minutes/),
    });
    expect(again.filesUpstream()).toEqual([]);
  });
});

describe('a file that upstream rejects at the attach', () => {
  const REFUSED: FaultInput = {
    kind: 'status',
    status: 400,
    nth: 1,
    message: 'Files with extensions [.csv] are not supported for retrieval. Key sk-proj-secretsecret.',
    ...ATTACH,
  };

  it("is taken back, with upstream's reason and without any key in it", async () => {
    const h = await publisher(['prices.csv', 'two.md']);
    const parked = await h.publish(REFUSED);
    expect(parked).toMatchObject({
      status: 'parked',
      isFinishable: true,
      counts: { expected: 2, written: 1, failed: 1 },
    });
    const failed = (await h.items(parked.id)).find(({ state }) => state === 'failed');
    expect(failed).toMatchObject({ targetFileId: null });
    expect(failed?.reason).toMatch(
      /^Upstream refused it \(HTTP 400\) and said: “Files with extensions \[.csv\] are not supported/,
    );
    expect(failed?.reason).not.toContain('sk-proj');
    expect(h.filesUpstream()).toHaveLength(1);
    await finishTransfer(h.deps, { by, id: parked.id });
    await h.deps.transferWorkers.idle();
    expect(await h.get(parked.id)).toMatchObject({
      status: 'succeeded',
      counts: { expected: 2, written: 1, skipped: 1 },
      reason: expect.stringMatching(/^1 of 2 files was left out: /),
    });
  });

  it('is taken back in the end, wherever that was interrupted', async () => {
    for (const path of ['/vector_stores/*/files/*', '/files/*']) {
      const h = await publisher(['prices.csv']);
      const parked = await h.publish(REFUSED, { kind: 'status', status: 403, method: 'DELETE', path, count: 2 });
      expect(parked).toMatchObject({ status: 'parked', reason: expect.stringMatching(/may not delete/) });
      expect((await h.items(parked.id))[0]).toMatchObject({ state: 'taking_back' });
      await h.restart();
      expect(await h.retry(parked.id)).toMatchObject({ status: 'parked', counts: { failed: 1 } });
      expect(h.filesUpstream()).toEqual([]);
    }
  });

  it('is proven gone: the transfer waits while upstream does not delete it', async () => {
    const h = await publisher(['prices.csv']);
    const parked = await h.publish(REFUSED, { kind: 'not_deleted', method: 'DELETE', path: '/files/*' });
    expect(parked).toMatchObject({ status: 'parked', reason: expect.stringMatching(/could not be taken back/) });
    h.sandbox.faults.clear();
    expect(await h.retry(parked.id)).toMatchObject({ counts: { failed: 1 } });
    expect(h.filesUpstream()).toEqual([]);
  });
});

describe('a published store', () => {
  it('is compared with its listing before it counts as done: a file detached meanwhile is attached again', async () => {
    const h = await publisher();
    h.sandbox.faults.add({ kind: 'status', status: 403, path: '/vector_stores/*', method: 'POST' });
    const parked = await h.publish();
    expect(parked).toMatchObject({ status: 'parked', counts: { written: 2 } });
    h.sandbox.faults.clear();
    const target = parked.target.id ?? '';
    const [first] = h.sandbox.state.snapshot().attachments.get(target) ?? [];
    h.sandbox.state.detach(target, first?.id ?? '');
    expect(await h.retry(parked.id)).toMatchObject({ status: 'succeeded', counts: { expected: 2, written: 2 } });
    expect(h.sandbox.state.snapshot().attachments.get(target)).toHaveLength(2);
  });

  it.each([401, 403])('is complete although the key is rejected now and then with %i', async (status) => {
    const h = await publisher();
    const done = await h.publish(
      { kind: 'status', status, nth: 2 },
      { kind: 'status', status, nth: 6, ...ATTACH },
      { kind: 'status', status, nth: 9 },
    );
    expect(done).toMatchObject({ status: 'succeeded', counts: { written: 2 } });
  });

  it('has lower-case file extensions, and the original names as attributes', async () => {
    const h = await publisher(['report.PDF.TXT', 'two.md']);
    expect(await h.publish()).toMatchObject({ status: 'succeeded', counts: { written: 2 } });
    expect(h.filesUpstream()).toEqual(['report.PDF.txt', 'two.md']);
    const attributes = [...h.sandbox.state.snapshot().attachments.values()].flat().map((row) => row.attributes);
    expect(attributes).toContainEqual({ topic: 'report.PDF.TXT', filename: 'report.PDF.TXT' });
    expect(attributes).toContainEqual({ topic: 'two.md' });
  });
});
