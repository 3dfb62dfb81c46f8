import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { createDeletionHarness } from '../../testing/deletion-harness.ts';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { CONNECTION_ID, HOUR_MS, MINUTE_MS, TENANT_ID } from '../../testing/sync-harness.ts';
import { threeStores } from '../../testing/three-stores.ts';
import { syncLeaseName } from '../leases/lease.ts';

const ELSEWHERE = 'another-host/4242/boot-x';

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 3000) throw new Error('It never came to that.');
    await delay(1);
  }
}

describe('a sync and a deletion of one connection', () => {
  it('never overlap: the deletion waits for the sync, and its status says so', async () => {
    const { h, a } = await threeStores();
    const { planHash } = await h.plan({ storeIds: [a] });
    const pause = h.pauseAt(({ path }) => path === '/files');
    const runId = await h.syncs.start({ isFull: true });
    await pause.reached;
    const id = await h.start(planHash);
    await until(async () => (await h.get(id)).message !== null);
    expect(await h.get(id)).toMatchObject({
      status: 'waiting',
      message: 'Waiting for the sync of this connection to end.',
      steps: { done: 0 },
    });
    expect(h.sandbox.requests.writes).toBe(0);
    pause.release();
    expect((await h.finish(runId)).status).toBe('succeeded');
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'succeeded', message: null });
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it('never overlap: the sync is rejected with a reason while a deletion is running', async () => {
    const { h, a } = await threeStores();
    const { planHash } = await h.plan({ storeIds: [a] });
    const pause = h.pauseRequest('DELETE', /./);
    const id = await h.start(planHash);
    await pause.reached;
    await expect(h.syncs.start()).rejects.toMatchObject({
      code: 'sync_already_running',
      message: expect.stringMatching(/A deletion is running on this connection/),
    });
    pause.release();
    await h.deps.deletionWorkers.idle();
    expect((await h.get(id)).status).toBe('succeeded');
    expect((await h.sync()).status).toBe('succeeded');
  });

  it('may alternate while upstream makes the deletion wait; the sync removes nothing of it', async () => {
    const { h, a, b } = await threeStores({ connection: { concurrency: 1 } });
    const { planHash } = await h.plan({ storeIds: [a, b] });
    const id = await h.start(planHash);
    h.sandbox.faults.add({ kind: 'status', status: 503, method: 'DELETE', nth: 4, count: 200 });
    await until(async () => (await h.get(id)).message?.startsWith('Waiting') === true);
    h.sandbox.faults.add({ kind: 'status', status: 503, method: 'DELETE' });
    let run: Awaited<ReturnType<typeof h.sync>> | undefined;
    await until(async () => {
      run = await h.sync().catch(() => undefined);
      return run !== undefined;
    });
    expect(run).toMatchObject({ status: 'succeeded', counters: { stores: { removed: 0 } } });
    expect(h.mirror()).toEqual(h.upstream());
    h.sandbox.faults.clear();
    await h.deps.deletionWorkers.idle();
    expect((await h.get(id)).status).toBe('succeeded');
    expect(h.mirror()).toEqual(h.upstream());
    expect((await h.sync()).status).toBe('succeeded');
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it('run one after the other, as do two deletions, in the order they were started', async () => {
    const { h, a, b, c } = await threeStores({ connection: { concurrency: 2 } });
    const pause = h.pauseRequest('DELETE', /^\/files/);
    const first = await h.start((await h.plan({ storeIds: [a] })).planHash);
    await pause.reached;
    const second = await h.start((await h.plan({ storeIds: [c] })).planHash);
    await delay(20);
    expect(await h.get(second)).toMatchObject({ status: 'waiting', steps: { done: 0 } });
    pause.release();
    await h.deps.deletionWorkers.idle();
    expect((await h.get(first)).finishedAt).not.toBeNull();
    expect((await h.get(second)).status).toBe('succeeded');
    expect(Object.keys(h.upstream().stores)).toEqual([b]);
    const deleted = h.sandbox.requests.entries.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
    const firstOfSecond = deleted.findIndex((path) => path.startsWith(`/vector_stores/${c}`));
    expect(deleted.indexOf(`/vector_stores/${a}`)).toBeLessThan(firstOfSecond);
  });
});

describe('a process that works on a deletion', () => {
  it('starts no more steps when it stops; the next start does the rest, and the audit has both entries', async () => {
    const { h, a, b } = await threeStores({ connection: { concurrency: 2 } });
    const { planHash } = await h.plan({ storeIds: [a, b] });
    const pause = h.pauseRequest('DELETE', /^\/files/);
    const id = await h.start(planHash);
    await pause.reached;
    await h.deps.deletionWorkers.stop();
    const { total } = h.sandbox.requests;
    pause.release();
    await delay(20);
    expect(h.sandbox.requests.total).toBe(total);
    const stopped = await h.get(id);
    expect(stopped).toMatchObject({ status: 'running', finishedAt: null });
    expect(stopped.steps.done).toBeGreaterThan(0);
    expect(await h.db.read.leases.find(TENANT_ID, syncLeaseName(CONNECTION_ID)), 'the lease is free').toMatchObject({
      owner: '',
    });

    const next = await h.openDeletionProcess(ELSEWHERE);
    await next.deps.deletionWorkers.resume(TENANT_ID);
    await next.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'succeeded', steps: { pending: 0, parked: 0, cancelled: 0 } });
    expect(h.audit(id).map((entry) => entry.action)).toEqual(['deletion.requested', 'deletion.succeeded']);
    expect(Object.keys(h.upstream().files)).toHaveLength(1);
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('starts no step of a deletion that another process has finished', async () => {
    const { h, a } = await threeStores();
    const { id } = await h.carryOut({ storeIds: [a] });
    h.sandbox.requests.clear();
    const next = await h.openDeletionProcess(ELSEWHERE);
    await next.deps.deletionWorkers.resume(TENANT_ID);
    await next.deps.deletionWorkers.idle();
    expect(h.sandbox.requests.total).toBe(0);
    expect(h.audit(id)).toHaveLength(2);
  });

  it('does each step once when two processes resume the deletion', async () => {
    const { h, a, b } = await threeStores();
    const { planHash } = await h.plan({ storeIds: [a, b] });
    const pause = h.pauseRequest('DELETE', /./);
    const id = await h.start(planHash);
    await pause.reached;
    const other = await h.openDeletionProcess(ELSEWHERE);
    await other.deps.deletionWorkers.resume(TENANT_ID);
    await delay(30);
    pause.release();
    await h.deps.deletionWorkers.idle();
    await other.deps.deletionWorkers.idle();
    expect((await h.get(id)).status).toBe('succeeded');
    expect(h.audit(id)).toHaveLength(2);
    const deletes = h.sandbox.requests.entries.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
    expect(new Set(deletes).size, 'nothing was sent twice').toBe(deletes.length);
  });

  it('stops at once when it slept past its lease, and resumes when the lease is free', async () => {
    const { h, a, b } = await threeStores({ settings: { leaseTtlMs: 60 }, connection: { concurrency: 1 } });
    const { planHash } = await h.plan({ storeIds: [a, b] });
    const pause = h.pauseRequest('DELETE', /./);
    const id = await h.start(planHash);
    await pause.reached;
    // Another process has taken the lease, as after a long sleep.
    const name = syncLeaseName(CONNECTION_ID);
    const taken = await h.db.transaction((tx) =>
      tx.leases.take({ tenantId: TENANT_ID, name, owner: ELSEWHERE, expiresAtMs: h.clock.nowMs() + HOUR_MS }),
    );
    // Its heartbeat finds out.
    await delay(60);
    const { total } = h.sandbox.requests;
    pause.release();
    await delay(30);
    expect(h.sandbox.requests.total, 'not one more step').toBe(total);
    expect(await h.get(id)).toMatchObject({ steps: { done: 0, parked: 0 } });
    expect(h.mirror(), 'nor one more write').toMatchObject({ stores: { [a]: {}, [b]: {} } });
    await h.db.transaction((tx) => tx.leases.release(taken));
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'succeeded', steps: { parked: 0 } });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('cannot write when it lost its lease without noticing', async () => {
    const { h, a } = await threeStores({ connection: { concurrency: 1 } });
    const { planHash } = await h.plan({ storeIds: [a] });
    const pause = h.pauseRequest('DELETE', /./);
    const id = await h.start(planHash);
    await pause.reached;
    const name = syncLeaseName(CONNECTION_ID);
    const taken = await h.db.transaction((tx) =>
      tx.leases.take({ tenantId: TENANT_ID, name, owner: ELSEWHERE, expiresAtMs: h.clock.nowMs() + HOUR_MS }),
    );
    const before = h.dump();
    pause.release();
    await delay(50);
    expect(h.dump()).toEqual(before);
    expect((await h.get(id)).steps.done).toBe(0);
    await h.db.transaction((tx) => tx.leases.release(taken));
    await h.deps.deletionWorkers.idle();
    expect((await h.get(id)).status).toBe('succeeded');
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('waits on a full disk and loses nothing', async () => {
    const h = await createDeletionHarness();
    h.sandbox.seed({ stores: 4, filesPerStore: 2, sharedFraction: 0, spanDays: 3 });
    h.clock.advance(HOUR_MS);
    await h.sync();
    const { planHash } = await h.plan({ storeIds: [...h.sandbox.state.storeIds()] });
    const { transaction } = h.deps.db;
    const pause = h.pauseRequest('DELETE', /./);
    const id = await h.start(planHash);
    await pause.reached;
    let isFull = true;
    Object.assign(h.deps, {
      db: {
        ...h.deps.db,
        transaction: (...args: Parameters<typeof transaction>) =>
          isFull ? Promise.reject(new AppError('database_full', 'The disk is full.')) : transaction(...args),
      },
    });
    pause.release();
    await until(async () => h.waits.some((ms) => ms >= 2000));
    expect((await h.get(id)).steps).toMatchObject({ parked: 0 });
    isFull = false;
    // Its lease could not be released, so it has to expire first.
    h.clock.advance(MINUTE_MS);
    await h.deps.deletionWorkers.idle();
    expect(await h.get(id)).toMatchObject({ status: 'succeeded', steps: { parked: 0 } });
    expect(h.upstream()).toEqual({ stores: {}, files: {}, attachments: {} });
    expect(h.mirror()).toEqual(h.upstream());
    h.clock.advance(MINUTE_MS);
    expect((await h.sync()).status).toBe('succeeded');
  });
});
