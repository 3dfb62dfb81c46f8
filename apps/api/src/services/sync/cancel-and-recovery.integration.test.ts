import { asSystem } from '@espejo/core';
import { describe, expect, it, vi } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { CONNECTION_ID, createSyncHarness, GRACE_MS, type SyncHarness, TENANT_ID } from '../../testing/sync-harness.ts';
import { RunStopped } from '../context/active-runs.ts';
import type { RunEvent } from '../context/events.ts';
import { cancelSyncRun } from './run/cancel-sync-run.ts';
import { getSyncRun } from './run/get-sync-run.ts';
import { recoverRuns } from './run/recover-runs.ts';

/** Every request at which a run can be interrupted, from its first to its last. */
const MOMENTS = [
  ['the first page of stores', ({ path, query }) => path === '/vector_stores' && !query.has('after')],
  ['a later page of stores', ({ path, query }) => path === '/vector_stores' && query.has('after')],
  ['the files of a store', ({ path }) => path.endsWith('/files') && path !== '/files'],
  ['the files of the project', ({ path }) => path === '/files'],
  ['a candidate requested by its id', ({ path }) => /^\/vector_stores\/[^/]+$/.test(path)],
] as const satisfies readonly [string, Parameters<SyncHarness['pauseAt']>[0]][];

/** A mirror behind upstream, with removals that are due. */
async function behind(): Promise<SyncHarness> {
  const h = await createSyncHarness();
  const { state } = h.sandbox;
  h.sandbox.seed({ stores: 110 });
  h.sandbox.seed({ stores: 6, filesPerStore: 2, sharedFraction: 0 });
  await h.sync();
  for (const id of state.storeIds().slice(0, 4)) state.deleteStore(id);
  await h.sync();
  h.clock.advance(GRACE_MS);
  for (const id of state.storeIds().slice(-3)) {
    state.attach({ storeId: id, fileId: state.createFile({ filename: 'new.md' }).id });
  }
  return h;
}

async function progressOf(h: SyncHarness, runId: string) {
  const { progress } = await getSyncRun(h.deps, { tenantId: TENANT_ID, runId });
  return progress;
}

async function converge(h: SyncHarness): Promise<void> {
  expect((await h.sync()).status).toBe('succeeded');
  expect((await h.sync()).status).toBe('succeeded');
  expect(h.mirror()).toEqual(h.upstream());
  expect(h.missing()).toEqual(NOTHING_MARKED);
}

describe.each(MOMENTS)('a run that is interrupted while it waits for %s', (_, isWanted) => {
  it('ends at once when it is cancelled, and the next ones bring the mirror in sync', async () => {
    const h = await behind();
    const pause = h.pauseAt(isWanted);
    const runId = await h.start();
    await pause.reached;
    const health = (await h.connection()).healthStatus;
    const requests = h.sandbox.requests.total;
    // The awaited answer never comes: the wait itself ends.
    const run = await cancelSyncRun(h.deps, { by: asSystem(TENANT_ID, 'tester'), runId });
    expect(run).toMatchObject({ status: 'cancelled', error: null, isComplete: false, progress: { phase: 'done' } });
    expect(run.finishedAt).not.toBeNull();
    expect((await h.connection()).healthStatus, 'a cancel says nothing about the connection').toBe(health);
    expect(h.sandbox.requests.total).toBe(requests);
    expect(h.deps.active.size).toBe(0);
    await converge(h);
  });

  it('rule 7: loses nothing when its process dies, and the next ones bring the mirror in sync', async () => {
    const h = await behind();
    const doomed = await h.openProcess({ owner: 'another-host/1/boot' });
    const pause = h.pauseAt(isWanted);
    await doomed.start();
    await pause.reached;
    h.clock.advance(60_000);
    expect(await recoverRuns(h.deps, TENANT_ID)).toEqual(new Set([CONNECTION_ID]));
    await converge(h);
  });

  it('is recorded as interrupted by a graceful stop', async () => {
    const h = await behind();
    const stopped = await h.openProcess();
    const pause = h.pauseAt(isWanted);
    const runId = await stopped.start();
    await pause.reached;
    const active = stopped.deps.active.get(runId);
    active?.controller.abort(new RunStopped('shutdown'));
    await active?.finished;
    expect(await h.finish(runId)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
    await converge(h);
  });
});

describe('cancelling a run', () => {
  it('takes effect across processes, even while upstream is silent', async () => {
    const h = await behind();
    const other = await h.openProcess();
    const pause = h.pauseAt(MOMENTS[0][1]);
    const runId = await h.start();
    await pause.reached;
    const finished = h.deps.active.get(runId)?.finished;
    // Progress has been written; from here on nothing moves.
    await vi.waitFor(async () => expect((await progressOf(h, runId)).phase).toBe('listing_stores'), 3000);
    expect((await cancelSyncRun(other.deps, { by: asSystem(TENANT_ID, 'tester'), runId })).status).toBe('running');
    await finished;
    expect((await h.finish(runId)).status).toBe('cancelled');
  });

  it('is rejected when it has ended or does not exist', async () => {
    const h = await createSyncHarness();
    const { id: runId } = await h.sync();
    await expect(cancelSyncRun(h.deps, { by: asSystem(TENANT_ID, 'tester'), runId })).rejects.toMatchObject({
      code: 'sync_run_not_running',
    });
    await expect(cancelSyncRun(h.deps, { by: asSystem(TENANT_ID, 'tester'), runId: 'run_x' })).rejects.toMatchObject({
      code: 'sync_run_not_found',
    });
    await expect(cancelSyncRun(h.deps, { by: asSystem('tenant-b', 'tester'), runId })).rejects.toMatchObject({
      code: 'sync_run_not_found',
    });
  });
});

describe('live progress', () => {
  it('reports phase, count and requests while the run goes on, and the finished run once', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 20, filesPerStore: 2 });
    const pause = h.pauseAt(MOMENTS[3][1]);
    const runId = await h.start();
    const events: RunEvent[] = [];
    h.deps.hub.subscribe(TENANT_ID, runId, (event) => events.push(event));
    await pause.reached;
    await vi.waitFor(() => expect(events.at(-1)?.data).toMatchObject({ phase: 'listing_files', requests: 22 }), 3000);
    pause.release();
    const run = await h.finish(runId);
    expect(events.filter((event) => event.type === 'end')).toEqual([{ type: 'end', data: run }]);
    expect(events.at(-1)?.type).toBe('end');
    expect(run.progress).toMatchObject({ phase: 'done', requests: 22 });
  });

  it('has a total during the listing of attachments, and never exceeds it', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 30, filesPerStore: 1, sharedFraction: 0 });
    let served = 0;
    const pause = h.pauseAt(({ path }) => {
      if (path.endsWith('/files')) served += 1;
      return served === 20;
    });
    const runId = await h.start();
    const events: RunEvent[] = [];
    h.deps.hub.subscribe(TENANT_ID, runId, (event) => events.push(event));
    await pause.reached;
    // One worker is blocked; the others go on to the end of the list.
    const progress = () =>
      events.flatMap(({ type, data }) => (type === 'progress' && data.phase === 'listing_attachments' ? [data] : []));
    await vi.waitFor(() => expect(progress().at(-1)).toMatchObject({ done: 29 }), 5000);
    expect(new Set(progress().map(({ total }) => total))).toEqual(new Set([30]));
    pause.release();
    await h.finish(runId);
  });
});
