import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { selectAll } from '../../../testing/mirror-rows.ts';
import { CONNECTION_ID, createSyncHarness, HOUR_MS, TENANT_ID } from '../../../testing/sync-harness.ts';
import { listSyncRuns } from './list-sync-runs.ts';
import { startSyncRun } from './start-sync-run.ts';

const PLAIN = { trigger: 'manual', isDryRun: false, isFull: false } as const;

describe('the connection of a sync that names none', () => {
  it('is the only one', async () => {
    const h = await createSyncHarness();
    const { id } = await startSyncRun(h.deps, { by: asSystem(TENANT_ID, 'tester'), ...PLAIN });
    expect(await h.finish(id)).toMatchObject({ connectionId: CONNECTION_ID, status: 'succeeded' });
  });

  it('is the one of the environment when there are several; otherwise it must be named', async () => {
    const h = await createSyncHarness();
    await h.addConnection({ id: 'conn-b' });
    const unnamed = () => startSyncRun(h.deps, { by: asSystem(TENANT_ID, 'tester'), ...PLAIN });
    await expect(unnamed()).rejects.toMatchObject({ code: 'invalid_request' });
    await h.addConnection({ id: 'default', origin: 'environment' });
    expect(await h.finish((await unnamed()).id)).toMatchObject({ connectionId: 'default' });
  });

  it('cannot be missing, unknown, of another tenant, or disabled', async () => {
    const h = await createSyncHarness();
    const start = (tenantId: string, connectionId?: string) =>
      startSyncRun(h.deps, { by: asSystem(tenantId, 'tester'), connectionId, ...PLAIN });
    await expect(start('tenant-b')).rejects.toMatchObject({ code: 'connection_not_found' });
    await expect(start(TENANT_ID, 'conn-x')).rejects.toMatchObject({ code: 'connection_not_found' });
    await expect(start('tenant-b', CONNECTION_ID)).rejects.toMatchObject({ code: 'connection_not_found' });
    await h.db.transaction((tx) => tx.connections.update(TENANT_ID, CONNECTION_ID, { isEnabled: false }));
    await expect(start(TENANT_ID, CONNECTION_ID)).rejects.toMatchObject({ code: 'connection_disabled' });
    expect(selectAll(h.databasePath, 'select * from sync_run')).toEqual([]);
    expect(h.sandbox.requests.total).toBe(0);
  });
});

describe('a run that is rejected while it is recorded', () => {
  it('leaves no record and no lease', async () => {
    const h = await createSyncHarness();
    const refusal = new Error('refused');
    const start = startSyncRun(
      h.deps,
      { by: asSystem(TENANT_ID, 'tester'), connectionId: CONNECTION_ID, ...PLAIN },
      () => Promise.reject(refusal),
    );
    await expect(start).rejects.toBe(refusal);
    expect(selectAll(h.databasePath, 'select * from sync_run')).toEqual([]);
    expect((await h.sync()).status).toBe('succeeded');
  });
});

describe('runs past ninety days', () => {
  it('are deleted with their changes, except one whose approval is open', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 40, filesPerStore: 1, sharedFraction: 0 });
    const first = await h.sync();
    for (const id of h.sandbox.state.storeIds().slice(0, 20)) h.sandbox.state.deleteStore(id);
    const review = await h.sync();
    await h.db.transaction((tx) => tx.connections.update(TENANT_ID, CONNECTION_ID, { approvedRunId: review.id }));
    h.clock.advance(91 * 24 * HOUR_MS);
    h.sandbox.faults.add({ kind: 'status', status: 500 });
    const last = await h.sync();
    const page = await listSyncRuns(h.deps, { tenantId: TENANT_ID, query: { limit: 9 } });
    expect(page.data.map((run) => run.id)).toEqual([last.id, review.id]);
    const changes = selectAll(h.databasePath, 'select count(*) as count from sync_change where run_id = ?', first.id);
    expect(changes).toEqual([{ count: 0 }]);
    expect((await h.connection()).approvedRunId).toBe(review.id);
  });
});
