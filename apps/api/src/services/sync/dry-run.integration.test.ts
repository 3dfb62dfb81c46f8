import { describe, expect, it } from 'vitest';
import { createSyncHarness, GRACE_MS, reasonsOf, type SyncHarness } from '../../testing/sync-harness.ts';
import { listSyncRunChanges } from './run/list-sync-runs.ts';

/** A mirror that differs from upstream in every way: added, changed, returned, missing, due for removal. */
async function behind(): Promise<SyncHarness> {
  const h = await createSyncHarness();
  const { state } = h.sandbox;
  h.sandbox.seed({ stores: 24, filesPerStore: 3, orphans: 6, sharedFraction: 0 });
  await h.sync();
  const [orphan = '', nextOrphan = ''] = state.fileIds().slice(-2);
  const [gone = '', detachedFrom = ''] = state.storeIds();
  const detached = state.snapshot().attachments.get(detachedFrom)?.[0]?.id ?? '';
  state.deleteStore(gone);
  state.detach(detachedFrom, detached);
  state.deleteFile(orphan);
  await h.sync({ trigger: 'manual' });
  h.clock.advance(GRACE_MS);
  // Due for removal so far; then the new items.
  const [, renamed = '', filled = '', lost = ''] = state.storeIds();
  state.updateStore(renamed, { name: 'Renamed' });
  state.createStore({ name: 'New', fileIds: [state.createFile({ filename: 'in-new.md' }).id] });
  state.attach({ storeId: filled, fileId: state.createFile({ filename: 'in-old.md' }).id });
  state.deleteStore(lost);
  state.deleteFile(nextOrphan);
  return h;
}

/** The results of a run, without what differs between any two runs. */
async function outcome(h: SyncHarness, run: Awaited<ReturnType<SyncHarness['sync']>>) {
  const changes = await listSyncRunChanges(h.deps, {
    tenantId: 'tenant-a',
    runId: run.id,
    limit: 200,
    cursor: undefined,
    action: undefined,
  });
  return {
    status: run.status,
    isComplete: run.isComplete,
    hash: run.plan?.hash,
    counters: run.counters,
    changes: changes.data.map(({ id: _, runId: __, at: ___, ...change }) => change),
  };
}

describe('a dry run', () => {
  it('writes nothing to any mirrored row', async () => {
    const h = await behind();
    const { connection: before, ...mirrored } = h.dump();
    const run = await h.sync({ isDryRun: true });
    expect(run).toMatchObject({ status: 'succeeded', dryRun: true });
    const { connection: after, ...unchanged } = h.dump();
    expect(unchanged).toEqual(mirrored);
    const { health_checked_at_ms: _, ...connectionBefore } = before?.[0] ?? {};
    expect(after?.[0]).toMatchObject(connectionBefore);
    expect(h.sandbox.requests.writes).toBe(0);
  });

  it('finds exactly what the real run then does', async () => {
    const h = await behind();
    const dry = await outcome(h, await h.sync({ isDryRun: true, trigger: 'manual' }));
    const real = await outcome(h, await h.sync({ trigger: 'manual' }));
    expect(dry).toEqual(real);
    expect(real.counters).toMatchObject({
      stores: { added: 1, changed: 2, missing: 2, removed: 1 },
      attachments: { added: 2, missing: 1, removed: 1 },
      files: { added: 2, missing: 2, removed: 1 },
    });
  });

  it('stops where the real run stops, with the same plan', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 30 });
    await h.sync();
    for (const id of h.sandbox.state.storeIds().slice(0, 20)) h.sandbox.state.deleteStore(id);
    const before = await h.connection();
    const dry = await h.sync({ isDryRun: true });
    expect(await h.connection()).toEqual(before);
    const real = await h.sync();
    expect((await h.connection()).healthStatus).toBe('needs_review');
    expect(dry).toMatchObject({ status: 'needs_review', plan: { hash: real.plan?.hash } });
    expect(reasonsOf(dry)).toEqual(reasonsOf(real));
    expect(dry.plan?.stores.removals).toEqual(real.plan?.stores.removals);
    expect(dry.plan?.stores.removals).toHaveLength(20);
  });

  it('reports a synced mirror as such, and any difference', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 2 });
    expect((await h.sync({ isDryRun: true })).plan?.isInSync).toBe(false);
    await h.sync();
    expect((await h.sync({ isDryRun: true, isFull: true })).plan?.isInSync).toBe(true);
    h.sandbox.state.createFile({ filename: 'orphan.md' });
    expect((await h.sync({ isDryRun: true, trigger: 'manual' })).plan?.isInSync).toBe(false);
  });

  it('leaves no event in the history of a store', async () => {
    const h = await behind();
    const count = async () => {
      const histories = h.sandbox.state
        .storeIds()
        .map((storeId) =>
          h.db.read.syncChanges.listOfStore({ tenantId: 'tenant-a', storeId, after: undefined, limit: 99 }),
        );
      return (await Promise.all(histories)).reduce((sum, history) => sum + history.total, 0);
    };
    const before = await count();
    await h.sync({ isDryRun: true });
    expect(await count()).toBe(before);
  });

  it('does not hide that a real run waits for approval, nor block the next one', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 30 });
    await h.sync();
    for (const id of h.sandbox.state.storeIds().slice(0, 20)) h.sandbox.state.deleteStore(id);
    const review = await h.sync();
    await h.sync({ isDryRun: true });
    expect((await h.connection()).healthStatus).toBe('needs_review');
    expect((await h.approve(review)).status).toBe('succeeded');
  });
});
