import type { FaultInput } from '@espejo/sandbox';
import { describe, expect, it } from 'vitest';
import { createDeletionHarness, type DeletionHarness } from '../../testing/deletion-harness.ts';
import { HOUR_MS } from '../../testing/sync-harness.ts';
import { threeStores } from '../../testing/three-stores.ts';

/** Makes a plan with a healthy upstream, then injects a fault before the first step. */
async function startUnder(h: DeletionHarness, asked: Parameters<DeletionHarness['plan']>[0], ...faults: FaultInput[]) {
  const id = await h.start((await h.plan(asked)).planHash);
  for (const fault of faults) h.sandbox.faults.add(fault);
  return id;
}

async function carryOutUnder(...args: Parameters<typeof startUnder>) {
  const id = await startUnder(...args);
  await args[0].deps.deletionWorkers.idle();
  return args[0].get(id);
}

/** `many` stores of two files each, all synced and old. */
async function manyStores(many: number, options: Parameters<typeof createDeletionHarness>[0] = {}) {
  const h = await createDeletionHarness(options);
  h.sandbox.seed({ stores: many, filesPerStore: 2, sharedFraction: 0, spanDays: 5 });
  h.clock.advance(2 * HOUR_MS);
  await h.sync();
  return { h, storeIds: [...h.sandbox.state.storeIds()] };
}

describe('a deletion that upstream reports as not done (row 26)', () => {
  it.each([
    ['/vector_stores/*/files/*', 'detach', /refused to detach/],
    ['/files/*', 'delete_file', /file is still there/],
    ['/vector_stores/*', 'delete_store', /store is still there/],
  ] as const)('%s parks that step with its reason, and a retry does it', async (path, kind, reason) => {
    const { h, a } = await threeStores();
    const parked = await carryOutUnder(h, { storeIds: [a] }, { kind: 'not_deleted', method: 'DELETE', path });
    expect(parked).toMatchObject({ status: 'parked', message: expect.stringMatching(reason), steps: { pending: 0 } });
    const steps = await h.steps(parked.id, 'parked');
    expect(steps.find((step) => step.kind === kind)?.reason).toMatch(reason);
    for (const step of steps.filter((each) => each.kind !== kind))
      expect(step.reason).toMatch(/^Waits for another step/);
    h.sandbox.faults.clear();
    h.sandbox.requests.clear();
    expect(await h.retry(parked.id)).toMatchObject({ status: 'waiting', finishedAt: null, message: null });
    await h.deps.deletionWorkers.idle();
    expect(await h.get(parked.id)).toMatchObject({ status: 'succeeded', steps: { total: 4, done: 4 } });
    expect(Object.keys(h.upstream().stores)).not.toContain(a);
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.audit(parked.id).map((entry) => entry.action)).toEqual([
      'deletion.requested',
      'deletion.parked',
      'deletion.retried',
      'deletion.succeeded',
    ]);
  });

  it.each(['/vector_stores/*/files/*', '/files/*', '/vector_stores/*'])(
    '%s, and is proven to be done all the same',
    async (path) => {
      const { h, a } = await threeStores();
      const fault: FaultInput = { kind: 'not_deleted', isEffective: true, method: 'DELETE', path };
      expect((await carryOutUnder(h, { storeIds: [a] }, fault)).status).toBe('succeeded');
    },
  );

  /** Upstream still returns a file after its deletion, for this many reads. */
  function lingering(h: DeletionHarness, fileId: string, looks: number) {
    const { files } = h.sandbox.state.project;
    const row = files.get(fileId);
    if (row === undefined) throw new Error(`There is no file ${fileId}.`);
    let looked = 0;
    h.sandbox.onRequest(({ method, path }) => {
      if (method !== 'GET' || path !== `/files/${fileId}`) return;
      looked += 1;
      if (looked > looks) files.remove(fileId);
      else if (files.get(fileId) === undefined) files.add(row);
    });
  }

  it('waits for a file that is still returned for seconds', async () => {
    const { h, a, one } = await threeStores();
    lingering(h, one, 2);
    expect((await carryOutUnder(h, { storeIds: [a] })).status).toBe('succeeded');
    expect(h.waits).toEqual([500, 1000]);
  });

  it('reads a file that is still returned for minutes six times, then parks the step', async () => {
    const { h, a, one } = await threeStores();
    lingering(h, one, 7);
    const parked = await carryOutUnder(h, { storeIds: [a] });
    expect(parked).toMatchObject({ status: 'parked', message: expect.stringMatching(/still there/) });
    expect(h.waits).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(h.mirror().files[one], 'a file that is not proven gone stays in the mirror').toBeDefined();
    expect(Object.keys(h.upstream().stores), 'and the store that contains it waits').toContain(a);
    await h.retry(parked.id);
    await h.deps.deletionWorkers.idle();
    expect((await h.get(parked.id)).status).toBe('succeeded');
    expect(h.mirror()).toEqual(h.upstream());
  });
});

describe('a rejected key', () => {
  it.each([401, 403])(
    'stops nothing when it is answered with %i once, or a few times, and works otherwise',
    async (status) => {
      const { h, storeIds } = await manyStores(6, { connection: { concurrency: 3 } });
      const once: FaultInput = { kind: 'status', status, method: 'DELETE', nth: 2 };
      const burst: FaultInput = { kind: 'status', status, method: 'DELETE', path: '/files/*', nth: 4, count: 2 };
      const deletion = await carryOutUnder(h, { storeIds }, once, burst);
      expect(deletion).toMatchObject({ status: 'succeeded', steps: { parked: 0 } });
      expect(h.sandbox.faults.list().map(({ struck }) => struck)).toEqual([1, 2]);
      expect(h.mirror()).toEqual(h.upstream());
    },
  );

  it('is reported with the scope that it lacks', async () => {
    const { h, storeIds } = await manyStores(2);
    const fault: FaultInput = { kind: 'missing_scope', scope: 'api.files.write', method: 'DELETE', path: '/files/*' };
    const parked = await carryOutUnder(h, { storeIds }, fault);
    expect(parked).toMatchObject({
      status: 'parked',
      message: expect.stringMatching(/scope api\.files\.write is missing/),
    });
  });

  it.each([
    [401, 'DELETE', '/files/*', /refused to let the API key delete files, twice \(HTTP 401\)/],
    [403, 'DELETE', '/files/*', /may not delete files \(HTTP 403, twice/],
    [401, 'GET', '/vector_stores/*', /refused to let the API key read vector stores, twice/],
    [403, 'DELETE', '/vector_stores/*/files/*', /may not delete vector stores \(HTTP 403, twice/],
  ] as const)(
    'parks everything at once and deletes nothing more (%i at %s %s)',
    async (status, method, path, reason) => {
      const { h, storeIds } = await manyStores(20, { connection: { concurrency: 3 } });
      h.sandbox.requests.clear();
      const asked = { storeIds: storeIds.slice(0, 12) };
      const parked = await carryOutUnder(h, asked, { kind: 'status', status, method, path });
      expect(parked).toMatchObject({ status: 'parked', message: expect.stringMatching(reason), steps: { pending: 0 } });
      expect(parked.steps.parked).toBeGreaterThan(20);
      for (const step of await h.steps(parked.id, 'parked')) expect(step.reason).toMatch(reason);
      // Steps in progress end, each after a second attempt; no other begins.
      const refused = h.sandbox.faults.list()[0]?.struck ?? 0;
      expect(refused).toBeGreaterThan(0);
      expect(refused).toBeLessThanOrEqual(6);
      const left = h.upstream();
      for (const id of storeIds.slice(12)) expect(left.stores[id]).toBeDefined();
      for (const [key, row] of Object.entries(left.attachments)) expect(left.files[String(row.id)], key).toBeDefined();

      h.sandbox.faults.clear();
      await h.retry(parked.id);
      await h.deps.deletionWorkers.idle();
      expect((await h.get(parked.id)).status).toBe('succeeded');
      expect(Object.keys(h.upstream().stores).sort()).toEqual(storeIds.slice(12).sort());
      expect(Object.keys(h.upstream().files)).toHaveLength(16);
      expect(h.mirror()).toEqual(h.upstream());
    },
  );
});

describe('an upstream with errors or limits', () => {
  it('makes the deletion wait as long as a storm of 429 requires, and parks nothing', async () => {
    const { h, storeIds } = await manyStores(10);
    const storm: FaultInput = { kind: 'status', status: 429, count: 120, headers: { 'retry-after-ms': '20' } };
    const deletion = await carryOutUnder(h, { storeIds }, storm);
    expect(deletion).toMatchObject({ status: 'succeeded', steps: { parked: 0, cancelled: 0 } });
    expect(h.upstream()).toEqual({ stores: {}, files: {}, attachments: {} });
    expect(h.waits[0], 'and its status says so between two sessions').toBe(2000);
  });

  it.each([500, 503, 408, 409])('is retried after HTTP %i for a while, then the deletion goes on', async (status) => {
    const { h, storeIds } = await manyStores(6);
    const deletion = await carryOutUnder(h, { storeIds }, { kind: 'status', status, probability: 0.5, seed: status });
    expect(deletion).toMatchObject({ status: 'succeeded', steps: { parked: 0 } });
    expect(h.upstream()).toEqual({ stores: {}, files: {}, attachments: {} });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('uses up no attempts during an outage, however long; the waits grow to two minutes', async () => {
    const { h, storeIds } = await manyStores(6);
    const id = await startUnder(h, { storeIds }, { kind: 'status', status: 503 });
    await until(() => h.waits.length >= 12);
    expect(h.waits.slice(0, 6)).toEqual([2000, 10_000, 30_000, 120_000, 120_000, 120_000]);
    expect(await h.get(id)).toMatchObject({
      status: 'running',
      message: expect.stringMatching(/^Waiting \d+ s\. .*HTTP 503/),
    });
    const tried = (await h.steps(id, 'pending')).filter((step) => step.reason !== null);
    expect(tried.length, 'after eight failures in a row it stops calling upstream').toBeLessThanOrEqual(12);
    for (const step of tried) expect(step.attempts).toBe(0);
    h.sandbox.faults.clear();
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'succeeded', steps: { parked: 0 } });
  });

  it.each([1, 4])(
    'parks one step of many after five attempts without an answer (concurrency %i)',
    async (concurrency) => {
      const { h, storeIds } = await manyStores(6, { connection: { concurrency } });
      const [bad = ''] = storeIds;
      const fault: FaultInput = {
        kind: 'status',
        status: 500,
        method: 'DELETE',
        path: `/vector_stores/${bad}/files/*`,
      };
      const deletion = await carryOutUnder(h, { storeIds }, fault);
      expect(deletion).toMatchObject({ status: 'parked', message: expect.stringMatching(/HTTP 500/) });
      const parked = await h.steps(deletion.id, 'parked');
      expect(parked.filter((step) => step.kind === 'detach').map((step) => step.attempts)).toEqual([5, 5]);
      // Its two attachments, their files and the store; everything else is done.
      expect(deletion.steps).toMatchObject({ parked: 5, pending: 0, cancelled: 0 });
      expect(Object.keys(h.upstream().stores)).toEqual([bad]);
      expect(Object.keys(h.upstream().files)).toHaveLength(2);
      h.sandbox.faults.clear();
      await h.retry(deletion.id);
      await h.deps.deletionWorkers.idle();
      expect(h.upstream()).toEqual({ stores: {}, files: {}, attachments: {} });
    },
  );

  it.each(['before', 'after'] as const)(
    'repeats nothing and leaves nothing when an answer is lost %s the effect',
    async (effect) => {
      const { h, storeIds } = await manyStores(6);
      const fault: FaultInput = { kind: 'drop', effect, method: 'DELETE', probability: 0.5, seed: 3 };
      const deletion = await carryOutUnder(h, { storeIds: storeIds.slice(0, 4) }, fault);
      expect(deletion).toMatchObject({ status: 'succeeded', steps: { parked: 0 } });
      expect(Object.keys(h.upstream().stores).sort()).toEqual(storeIds.slice(4).sort());
      expect(Object.keys(h.upstream().files)).toHaveLength(4);
    },
  );

  it.each(['truncated_body', 'html'] as const)('proves nothing with an occasional %s', async (kind) => {
    const { h, storeIds } = await manyStores(5);
    const deletion = await carryOutUnder(h, { storeIds }, { kind, probability: 0.4, seed: 11 });
    expect(deletion.steps.pending).toBe(0);
    h.sandbox.faults.clear();
    if (deletion.steps.parked > 0) await h.retry(deletion.id);
    await h.deps.deletionWorkers.idle();
    expect((await h.get(deletion.id)).status).toBe('succeeded');
    expect(h.upstream()).toEqual({ stores: {}, files: {}, attachments: {} });
  });

  it('makes the deletion wait when a proxy page answers everything, and proves nothing with it', async () => {
    const { h, storeIds } = await manyStores(5);
    const id = await startUnder(h, { storeIds }, { kind: 'html' });
    await until(() => h.waits.length >= 3);
    expect(await h.get(id)).toMatchObject({ status: 'running', steps: { parked: 0 } });
    expect(Object.keys(h.upstream().stores)).toHaveLength(5);
    h.sandbox.faults.clear();
    await h.deps.deletionWorkers.idle();
    expect((await h.get(id)).status).toBe('succeeded');
  });
});

describe('a 404 that proves nothing', () => {
  it('parks everything when the server has no such route, and counts nothing as gone', async () => {
    const { h, storeIds } = await manyStores(8);
    const wrongPlace: FaultInput = { kind: 'status', status: 404, message: 'Invalid URL (DELETE /v2/files)' };
    const deletion = await carryOutUnder(h, { storeIds }, wrongPlace);
    expect(deletion).toMatchObject({
      status: 'parked',
      steps: { done: 0, pending: 0 },
      message: expect.stringMatching(/404/),
    });
    expect(h.sandbox.faults.list()[0]?.struck, 'after a few requests').toBeLessThan(20);
    expect(h.mirror()).toEqual(h.upstream());
    expect(Object.keys(h.mirror().stores)).toHaveLength(8);
  });

  it('parks only its step when it does not name the object', async () => {
    const { h, storeIds } = await manyStores(4);
    const [odd = ''] = storeIds;
    const fault: FaultInput = {
      kind: 'status',
      status: 404,
      method: 'DELETE',
      path: `/vector_stores/${odd}`,
      message: 'Not found',
    };
    const deletion = await carryOutUnder(h, { storeIds }, fault);
    expect(deletion).toMatchObject({ status: 'parked', steps: { parked: 1, pending: 0 } });
    expect(Object.keys(h.upstream().stores)).toEqual([odd]);
    expect(Object.keys(h.mirror().stores)).toEqual([odd]);
  });

  it('completes its step when it names the object, because another client was quicker', async () => {
    const { h, a, one } = await threeStores();
    const pause = h.pauseRequest('DELETE', /files/);
    const id = await h.start((await h.plan({ storeIds: [a] })).planHash);
    await pause.reached;
    h.sandbox.state.deleteFile(one);
    h.sandbox.state.deleteStore(a);
    pause.release();
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'succeeded', steps: { done: 4 } });
    expect(h.mirror()).toEqual(h.upstream());
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 5000) throw new Error('It never came to that.');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
