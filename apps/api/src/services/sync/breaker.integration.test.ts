import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import {
  createSyncHarness,
  GRACE_MS,
  MINUTE_MS,
  reasonsOf,
  type SyncHarness,
  TENANT_ID,
} from '../../testing/sync-harness.ts';
import { approveSyncRun } from './run/approve-sync-run.ts';

type Kind = 'stores' | 'attachments' | 'files';
const REASON = { stores: 'vector_stores', attachments: 'attachments', files: 'files' } as const;

/** A synced mirror with exactly `known` items of the kind, of which upstream then loses the first `lost`. */
async function lose(kind: Kind, known: number, lost: number, graceMs = 0): Promise<SyncHarness> {
  const h = await createSyncHarness({ connection: { removalGraceS: graceMs / 1000 } });
  if (kind === 'stores') h.sandbox.seed({ stores: known });
  // Few files per store, so that the breaker of one kind is tested alone.
  if (kind === 'attachments') h.sandbox.seed({ stores: 1, filesPerStore: known, sharedFraction: 0 });
  if (kind === 'files') h.sandbox.seed({ stores: 1, orphans: known });
  await h.sync();
  loseMore(h, kind, lost);
  await h.sync({ trigger: 'manual' });
  return h;
}

function loseMore(h: SyncHarness, kind: Kind, count: number): void {
  const { state } = h.sandbox;
  const [storeId = ''] = state.storeIds();
  if (kind === 'stores') for (const id of state.storeIds().slice(0, count)) state.deleteStore(id);
  if (kind === 'files') for (const id of state.fileIds().slice(0, count)) state.deleteFile(id);
  if (kind === 'attachments') {
    for (const row of (state.snapshot().attachments.get(storeId) ?? []).slice(0, count)) state.detach(storeId, row.id);
  }
}

describe.each(['stores', 'attachments', 'files'] as const)('rule 5: the circuit breaker on %s', (kind) => {
  it.each([
    [25, 5],
    [29, 5],
    [30, 6],
    [40, 8],
  ])('stays closed when, of %i known, %i are removed', async (known, limit) => {
    const h = await lose(kind, known, limit);
    const run = await h.sync({ trigger: 'manual' });
    expect(run).toMatchObject({ status: 'succeeded', counters: { [kind]: { removed: limit } } });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it.each([
    [25, 6],
    [29, 6],
    [30, 7],
    [40, 9],
  ])('opens when, of %i known, %i would be removed, before the first removal', async (known, lost) => {
    const h = await lose(kind, known, lost);
    h.sandbox.requests.clear();
    const run = await h.sync({ trigger: 'manual' });
    expect(run).toMatchObject({ status: 'needs_review', counters: { [kind]: { removed: 0, missing: lost } } });
    expect(reasonsOf(run)).toEqual([`too_many_removals:${REASON[kind]}`]);
    expect(run.plan?.reasons[0]).toMatchObject({ value: lost, limit: lost - 1, known });
    expect(run.plan?.[kind].removals).toHaveLength(lost);
    expect(Object.keys(h.mirror()[kind])).toHaveLength(known);
    // Nothing was even requested by its id.
    const asked = Object.keys(h.sandbox.requests.byRoute).filter((route) => route.endsWith('*'));
    expect(asked).toEqual([]);
  });
});

describe('rule 5: a stopped run', () => {
  it('applies everything but removals, and removes nothing of any other kind either', async () => {
    const h = await lose('stores', 40, 20);
    const { state } = h.sandbox;
    const doomed = state.createFile({ filename: 'doomed.md' }).id;
    await h.sync({ trigger: 'manual' });
    state.deleteFile(doomed);
    await h.sync({ trigger: 'manual' });
    const added = state.createStore({ name: 'New', fileIds: [state.createFile({ filename: 'new.md' }).id] }).id;
    const run = await h.sync({ trigger: 'manual' });
    expect(run).toMatchObject({ status: 'needs_review', counters: { files: { removed: 0, missing: 1 } } });
    expect(h.mirror().stores[added]).toEqual(h.upstream().stores[added]);
    expect(h.mirror().attachments).toMatchObject(h.upstream().attachments);
    expect(h.missing().files).toEqual([doomed]);
  });
});

describe('rule 5: an approval', () => {
  it('removes exactly the plan it names', async () => {
    const h = await lose('stores', 40, 20);
    const review = await h.sync();
    const run = await h.approve(review);
    expect(run).toMatchObject({ trigger: 'approval', status: 'succeeded', counters: { stores: { removed: 20 } } });
    expect(h.mirror()).toEqual(h.upstream());
    expect((await h.finish(review.id)).approvedAt).not.toBeNull();
  });

  it('is told with the run it approves, by whom and when', async () => {
    const h = await lose('stores', 40, 20);
    const review = await h.sync();
    expect(review.review).toEqual({ state: 'open', by: null, at: null });
    h.clock.advance(MINUTE_MS);
    const run = await h.approve(review);
    expect(run.review, 'the run that carries it out has no review of its own').toBeNull();
    const after = await h.finish(review.id);
    expect(after.review).toEqual({ state: 'approved', by: expect.any(String), at: after.approvedAt });
  });

  it('is not open any more once a newer run has looked again', async () => {
    const h = await lose('stores', 40, 20);
    const first = await h.sync();
    h.clock.advance(MINUTE_MS);
    expect((await h.sync({ isDryRun: true })).review, 'a dry run waits for no approval').toBeNull();
    expect((await h.finish(first.id)).review?.state).toBe('open');
    const second = await h.sync();
    expect((await h.finish(first.id)).review).toEqual({ state: 'superseded', by: null, at: second.startedAt });
    expect(second.review?.state).toBe('open');
  });

  it('holds through the grace period and interrupted runs, until all of it is done', async () => {
    const h = await lose('stores', 40, 20, GRACE_MS);
    await h.approve(await h.sync());
    expect(await h.sync()).toMatchObject({ status: 'succeeded', counters: { stores: { removed: 0, missing: 20 } } });
    h.clock.advance(GRACE_MS);
    h.sandbox.faults.add({ kind: 'status', status: 500, path: '/vector_stores' });
    expect((await h.sync()).status).toBe('failed');
    h.sandbox.faults.clear();
    h.sandbox.faults.add({ kind: 'status', status: 500, path: '/vector_stores/*', nth: 7, count: 99 });
    expect(await h.sync()).toMatchObject({ status: 'partial', counters: { stores: { removed: 6, failed: 14 } } });
    h.sandbox.faults.clear();
    expect(await h.sync()).toMatchObject({ status: 'succeeded', counters: { stores: { removed: 14 } } });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('covers a part of its plan: items that came back meanwhile stay', async () => {
    const h = await lose('attachments', 40, 20);
    const review = await h.sync();
    const [storeId = ''] = h.sandbox.state.storeIds();
    for (const { id } of review.plan?.attachments.removals.slice(0, 5) ?? []) {
      h.sandbox.state.attach({ storeId, fileId: id.slice(storeId.length + 1) });
    }
    expect(await h.approve(review)).toMatchObject({ status: 'succeeded', counters: { attachments: { removed: 15 } } });
    expect(h.mirror().attachments).toEqual(h.upstream().attachments);
  });

  it('covers nothing more: with one item beyond the plan the run stops again, with a new plan', async () => {
    const h = await lose('stores', 40, 20);
    const review = await h.sync();
    loseMore(h, 'stores', 1);
    const run = await h.approve(review);
    expect(run).toMatchObject({ status: 'needs_review', counters: { stores: { removed: 0 } } });
    expect(run.plan?.hash).not.toBe(review.plan?.hash);
    expect(run.plan?.stores.removals).toHaveLength(21);
    expect(Object.keys(h.mirror().stores)).toHaveLength(40);
    await h.approve(run);
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('is valid for one plan: the next loss of the same size needs another', async () => {
    const h = await lose('stores', 60, 20);
    await h.approve(await h.sync());
    expect((await h.sync()).status).toBe('succeeded');
    expect((await h.connection()).approvedRunId).toBeNull();
    loseMore(h, 'stores', 20);
    expect((await h.sync()).status).toBe('needs_review');
    expect((await h.sync()).status).toBe('needs_review');
    expect(Object.keys(h.mirror().stores)).toHaveLength(40);
  });

  it('is rejected as stale with the hash of another plan than the open one, and changes nothing', async () => {
    const h = await lose('stores', 40, 20);
    const review = await h.sync();
    await expect(h.approve(review, 'f'.repeat(32))).rejects.toMatchObject({ code: 'stale_plan', status: 409 });
    loseMore(h, 'stores', 1);
    const newer = await h.sync();
    await expect(h.approve(review)).rejects.toMatchObject({ code: 'stale_plan' });
    expect((await h.connection()).approvedRunId).toBeNull();
    expect(h.deps.active.size).toBe(0);
    expect((await h.approve(newer)).status).toBe('succeeded');
    await expect(h.approve(newer), 'it has been carried out').rejects.toMatchObject({ code: 'stale_plan' });
  });

  it('applies to the same hash, run after run, while the plan stays the same', async () => {
    const h = await lose('stores', 40, 20);
    const first = await h.sync();
    const second = await h.sync();
    expect(second.plan?.hash).toBe(first.plan?.hash);
    expect((await h.approve(first)).status).toBe('succeeded');
  });

  it('is rejected for a run that does not wait for one', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3 });
    const clean = await h.sync();
    await expect(h.approve(clean)).rejects.toMatchObject({ code: 'sync_run_not_reviewable' });
    const unknown = approveSyncRun(h.deps, { by: asSystem(TENANT_ID, 'tester'), runId: 'run_unknown', planHash: 'x' });
    await expect(unknown).rejects.toMatchObject({ code: 'sync_run_not_found' });
    const otherTenant = approveSyncRun(h.deps, { by: asSystem('tenant-b', 'tester'), runId: clean.id, planHash: 'x' });
    await expect(otherTenant).rejects.toMatchObject({ code: 'sync_run_not_found' });
  });

  it('is rejected for a dry run', async () => {
    const h = await lose('stores', 40, 20);
    const dry = await h.sync({ isDryRun: true });
    expect(dry.status).toBe('needs_review');
    await expect(h.approve(dry)).rejects.toMatchObject({ code: 'sync_run_not_reviewable' });
  });

  it('approves nothing when its run cannot start', async () => {
    const h = await lose('stores', 40, 20);
    const review = await h.sync();
    const pause = h.pauseAt(({ path }) => path === '/vector_stores');
    const running = await h.start();
    await pause.reached;
    await expect(h.approve(review)).rejects.toMatchObject({ code: 'sync_already_running' });
    expect((await h.connection()).approvedRunId).toBeNull();
    pause.release();
    expect((await h.finish(running)).status).toBe('needs_review');
  });
});

it('a review closes automatically when upstream has recovered', async () => {
  const h = await lose('attachments', 40, 20);
  const review = await h.sync();
  const [storeId = ''] = h.sandbox.state.storeIds();
  for (const { id } of review.plan?.attachments.removals ?? []) {
    h.sandbox.state.attach({ storeId, fileId: id.slice(storeId.length + 1) });
  }
  expect(await h.sync()).toMatchObject({ status: 'succeeded', counters: { attachments: { returned: 20 } } });
  expect(h.missing()).toEqual(NOTHING_MARKED);
  expect((await h.connection()).healthStatus).toBe('ok');
  await expect(h.approve(review)).rejects.toMatchObject({ code: 'stale_plan' });
});
