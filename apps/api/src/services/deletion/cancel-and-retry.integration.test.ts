import { setTimeout as delay } from 'node:timers/promises';
import type { Deletion } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { createDeletionHarness } from '../../testing/deletion-harness.ts';
import { CONNECTION_ID, HOUR_MS, MINUTE_MS, TENANT_ID } from '../../testing/sync-harness.ts';
import { threeStores } from '../../testing/three-stores.ts';

describe('cancelling a deletion', () => {
  it('gives up steps that have not begun, and records the one in progress', async () => {
    const { h, a, b } = await threeStores({ connection: { concurrency: 1 } });
    const { planHash } = await h.plan({ storeIds: [a, b] });
    const pause = h.pauseRequest('DELETE', /./);
    const id = await h.start(planHash);
    const ends: Deletion[] = [];
    h.deps.deletionHub.subscribe(TENANT_ID, id, (event) => {
      if (event.type === 'end') ends.push(event.data);
    });
    await pause.reached;
    h.sandbox.requests.clear();
    const cancelled = await h.cancel(id);
    expect(cancelled).toMatchObject({ status: 'running', steps: { pending: 0, done: 0 } });
    await delay(20);
    expect(await h.get(id), 'not over while a step is in progress').toMatchObject({
      status: 'running',
      finishedAt: null,
    });
    pause.release();
    await h.deps.deletionWorkers.idle();
    expect(ends, 'its last event names the last step').toMatchObject([{ status: 'cancelled', steps: { done: 1 } }]);
    const deletion = await h.get(id);
    expect(deletion).toMatchObject({ status: 'cancelled', steps: { done: 1, pending: 0, parked: 0 } });
    expect(deletion.steps.cancelled).toBe(deletion.steps.total - 1);
    expect(h.sandbox.requests.total, 'nothing was begun after it').toBe(0);
    expect(h.audit(id).map((entry) => entry.action)).toEqual([
      'deletion.requested',
      'deletion.cancel_requested',
      'deletion.cancelled',
    ]);
    expect(Object.keys(h.upstream().stores)).toHaveLength(3);
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
    await expect(h.cancel(id)).rejects.toMatchObject({ code: 'deletion_not_open' });
    await expect(h.retry(id)).rejects.toMatchObject({ code: 'deletion_not_open' });
  });

  it('leaves nothing pending when the step in progress gets no answer', async () => {
    const { h, a } = await threeStores({ connection: { concurrency: 1 } });
    const { planHash } = await h.plan({ storeIds: [a] });
    const pause = h.pauseRequest('DELETE', /./);
    const id = await h.start(planHash);
    await pause.reached;
    h.sandbox.faults.add({ kind: 'status', status: 503 });
    // The answer to the held request is already decided; later requests fail.
    await h.cancel(id);
    pause.release();
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'cancelled', steps: { pending: 0, parked: 0 } });
  });

  it('ends a wait at once', async () => {
    const { h, a } = await threeStores();
    const id = await h.start((await h.plan({ storeIds: [a] })).planHash);
    h.sandbox.faults.add({ kind: 'status', status: 503 });
    const naps: AbortSignal[] = [];
    Object.assign(h.deps, {
      sleep: (_ms: number, signal: AbortSignal) => {
        naps.push(signal);
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    for (let tries = 0; naps.length === 0 && tries < 2000; tries += 1) await delay(1);
    await h.cancel(id);
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'cancelled', steps: { done: 0, pending: 0 } });
    expect(Object.keys(h.upstream().stores)).toHaveLength(3);
  });

  it('ends the wait for a sync, and the sync goes on', async () => {
    const { h, a } = await threeStores();
    const { planHash } = await h.plan({ storeIds: [a] });
    const pause = h.pauseAt(({ path }) => path === '/vector_stores');
    const runId = await h.syncs.start();
    await pause.reached;
    const starting = h.start(planHash);
    const id = await starting;
    expect((await h.get(id)).status).toBe('waiting');
    await h.cancel(id);
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'cancelled', steps: { done: 0 } });
    pause.release();
    expect((await h.finish(runId)).status).toBe('succeeded');
    expect(h.audit(id).map((entry) => entry.action)).toEqual([
      'deletion.requested',
      'deletion.cancel_requested',
      'deletion.cancelled',
    ]);
  });

  it('gives up parked steps', async () => {
    const { h, a } = await threeStores();
    h.sandbox.faults.add({ kind: 'status', status: 403, method: 'DELETE' });
    const parked = await h.carryOut({ storeIds: [a] });
    expect(parked.status).toBe('parked');
    await h.cancel(parked.id);
    await h.deps.deletionWorkers.idle();
    expect(await h.get(parked.id)).toMatchObject({
      status: 'cancelled',
      steps: { parked: 0, pending: 0, cancelled: 4 },
    });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('takes effect when another process cancels', async () => {
    const { h, a, b } = await threeStores({ connection: { concurrency: 1 } });
    const other = await h.openDeletionProcess('another-host/1/boot');
    const id = await h.start((await h.plan({ storeIds: [a, b] })).planHash);
    let deletes = 0;
    h.sandbox.onRequest(async ({ method }) => {
      if (method !== 'DELETE') return;
      deletes += 1;
      if (deletes === 2) {
        await other.cancel(id);
        // Longer than the interval of the check.
        await delay(150);
      }
    });
    await h.deps.deletionWorkers.idle();
    await other.deps.deletionWorkers.idle();
    const deletion = await h.get(id);
    expect(deletion).toMatchObject({ status: 'cancelled', steps: { pending: 0 } });
    expect(deletes).toBe(2);
  });
});

describe('retrying a deletion', () => {
  it('repeats failed steps only', async () => {
    const h = await createDeletionHarness();
    h.sandbox.seed({ stores: 12, filesPerStore: 2, sharedFraction: 0, spanDays: 3 });
    h.clock.advance(2 * HOUR_MS);
    await h.sync();
    const storeIds = [...h.sandbox.state.storeIds()];
    const bad = storeIds.slice(0, 3);
    for (const id of bad) h.sandbox.faults.add({ kind: 'not_deleted', method: 'DELETE', path: `/vector_stores/${id}` });
    const parked = await h.carryOut({ storeIds });
    expect(parked).toMatchObject({ status: 'parked', steps: { parked: 3, done: 57, pending: 0 } });
    expect((await h.steps(parked.id, 'parked')).map((step) => step.storeId).sort()).toEqual(bad.toSorted());
    h.sandbox.faults.clear();
    h.sandbox.requests.clear();
    await h.retry(parked.id);
    await h.deps.deletionWorkers.idle();
    expect(await h.get(parked.id)).toMatchObject({ status: 'succeeded', steps: { done: 60 } });
    expect(h.sandbox.requests.byRoute).toEqual({
      'GET /vector_stores/*/files': 3,
      'DELETE /vector_stores/*': 3,
      'GET /vector_stores/*': 3,
    });
    expect(h.upstream()).toEqual({ stores: {}, files: {}, attachments: {} });
  });

  it('is rejected when nothing is parked', async () => {
    const { h, a } = await threeStores();
    const done = await h.carryOut({ storeIds: [a] });
    await expect(h.retry(done.id)).rejects.toMatchObject({ code: 'deletion_not_open', status: 409 });
    await expect(h.retry('del_none')).rejects.toMatchObject({ code: 'deletion_not_found', status: 404 });
    await expect(h.cancel('del_none')).rejects.toMatchObject({ code: 'deletion_not_found' });
  });
});

describe('a deletion over two connections', () => {
  it('ends when the steps of both have ended, whichever of them parks', async () => {
    const { h, a } = await threeStores({
      sandbox: { keys: { 'sk-a': 'proj_a', 'sk-b': 'proj_b' } },
      connection: { apiKeyCipher: 'sk-a', apiKeyFingerprint: 'a' },
    });
    const other = h.sandbox.stateOf('proj_b');
    const file = other.createFile({ filename: 'b.txt', content: 'b' }).id;
    const store = other.createStore({ name: 'Other', fileIds: [file] }).id;
    await h.addConnection({ id: 'conn-b', apiKeyCipher: 'sk-b', apiKeyFingerprint: 'b' });
    await h.sync({ connectionId: 'conn-b' });
    h.sandbox.faults.add({ kind: 'status', status: 403, method: 'DELETE', path: `/vector_stores/${store}/files/*` });
    const plan = await h.plan({ storeIds: [a, store] });
    expect(plan.counts.stores).toBe(2);
    const pause = h.pauseRequest('DELETE', /^\/files\//);
    const ends: string[] = [];
    const id = await h.start(plan.planHash);
    h.deps.deletionHub.subscribe(TENANT_ID, id, (event) => {
      if (event.type === 'end') ends.push(event.data.status);
    });
    await pause.reached;
    for (let tries = 0; (await h.get(id)).steps.parked === 0 && tries < 2000; tries += 1) await delay(1);
    expect(await h.get(id), 'one is still running').toMatchObject({ status: 'running', finishedAt: null });
    expect(ends).toEqual([]);
    pause.release();
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'parked', steps: { done: 4, parked: 3, pending: 0 } });
    expect(ends).toEqual(['parked']);
    expect((await h.steps(id, 'parked')).every((step) => step.storeId === store || step.fileId === file)).toBe(true);
    h.sandbox.faults.clear();
    await h.retry(id);
    await h.deps.deletionWorkers.idle();
    expect((await h.get(id)).status).toBe('succeeded');
    expect(other.storeIds()).toEqual([]);
    expect(h.mirror('conn-b')).toEqual({ stores: {}, files: {}, attachments: {} });
    expect(h.mirror(CONNECTION_ID)).toEqual(h.upstream());
    h.clock.advance(MINUTE_MS);
    expect((await h.sync()).status).toBe('succeeded');
  });
});
