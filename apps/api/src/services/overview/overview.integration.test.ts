import type { AttentionKind, Overview } from '@espejo/contracts';
import { Overview as OverviewSchema } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { createDeletionHarness, type DeletionHarness } from '../../testing/deletion-harness.ts';
import { CONNECTION_ID, HOUR_MS, TENANT_ID } from '../../testing/sync-harness.ts';
import { deleteConnectionRows } from '../connections/delete-connection.ts';
import { listVectorStores } from '../vector-stores/list-vector-stores.ts';
import { getOverview } from './get-overview.ts';

const DAY_MS = 24 * HOUR_MS;
const GB = 2 ** 30;
const DAY_S = DAY_MS / 1000;

const depsOf = (h: DeletionHarness, held: string[] = []) => ({
  ...h.deps,
  expiry: { warnAheadS: 7 * DAY_S, expiredRetentionMs: 0, trashRetentionMs: 0 },
  operatorTenantId: TENANT_ID,
  heldBack: () => held,
});
const overview = (h: DeletionHarness, tenantId = TENANT_ID, held: string[] = []) =>
  getOverview(depsOf(h, held), { tenantId });
const kindsOf = ({ attention }: Overview) => attention.map((item) => item.kind);
function itemOf(report: Overview, kind: AttentionKind) {
  const found = report.attention.find((item) => item.kind === kind);
  if (found === undefined) throw new Error(`There is no item ${kind}.`);
  return found;
}

/** A mirror without debt: one store with one file. */
async function healthy() {
  const h = await createDeletionHarness({ rates: { usdPerGbDay: 0.1, freeBytes: GB } });
  const { state } = h.sandbox;
  const file = state.createFile({ filename: 'good.txt', content: 'good' }).id;
  const store = state.createStore({ name: 'Good' }).id;
  state.attach({ storeId: store, fileId: file, outcome: { usageBytes: 3 * GB, lastError: null } });
  await h.sync({ isFull: true });
  return { h, state, store, file };
}

describe('what needs attention', () => {
  it('is nothing in a complete mirror without debt, as of its listing', async () => {
    const { h } = await healthy();
    const report = await overview(h);
    expect(report.attention).toEqual([]);
    expect(report.asOf).not.toBeNull();
    expect(OverviewSchema.parse(report)).toEqual(report);
  });

  it('names a run that waits for review until it is approved', async () => {
    const { h, state } = await healthy();
    h.sandbox.seed({ stores: 25 });
    await h.sync();
    for (const id of state.storeIds().slice(1, 20)) state.deleteStore(id);
    await h.sync();
    h.clock.advance(2 * HOUR_MS);
    const run = await h.sync();
    expect(run.status).toBe('needs_review');
    expect(itemOf(await overview(h), 'breaker_open')).toMatchObject({
      id: run.id,
      connections: [{ id: CONNECTION_ID, name: 'Harness' }],
      message: run.error?.message,
    });
    await h.syncs.approve(run);
    expect(kindsOf(await overview(h))).not.toContain('breaker_open');
  });

  it('names a refused key, and not the failed syncs that it explains', async () => {
    const { h } = await healthy();
    h.sandbox.faults.add({ kind: 'status', status: 401 });
    const run = await h.sync();
    const report = await overview(h);
    expect(kindsOf(report)).toEqual(['key_refused']);
    expect(itemOf(report, 'key_refused').message).toBe(run.error?.message);
  });

  it('names failing syncs since the first of them, until one succeeds', async () => {
    const { h } = await healthy();
    h.sandbox.faults.add({ kind: 'status', status: 500, path: '/vector_stores' });
    const first = await h.sync();
    const second = await h.sync();
    expect(itemOf(await overview(h), 'sync_failing')).toMatchObject({
      id: second.id,
      status: 'failed',
      since: first.startedAt,
      message: second.error?.message,
    });
    h.sandbox.faults.clear();
    await h.sync();
    expect(kindsOf(await overview(h))).toEqual([]);
  });

  it('names nothing of a connection that is switched off but its stores', async () => {
    const { h } = await healthy();
    h.sandbox.faults.add({ kind: 'status', status: 500, path: '/vector_stores' });
    await h.sync();
    await h.db.transaction((tx) => tx.connections.update(TENANT_ID, CONNECTION_ID, { isEnabled: false }));
    expect(kindsOf(await overview(h))).toEqual([]);
  });

  it('counts the stores that expire soon or have failed files as their lists do', async () => {
    const { h, state, store } = await healthy();
    for (const days of [1, 5, 30]) state.createStore({ name: `Ends in ${days}`, expiresAfterDays: days });
    const broken = state.createFile({ filename: 'broken.txt', content: 'broken' }).id;
    const lastError = { code: 'server_error', message: 'An internal error occurred.' } as const;
    state.attach({ storeId: store, fileId: broken, outcome: { usageBytes: 0, lastError } });
    await h.sync({ isFull: true });
    const report = await overview(h);
    const totalOf = async (filter: { expiring?: 'soon'; status?: string }) => {
      const query = { limit: 10, sort: 'createdAt', order: 'asc', connectionId: CONNECTION_ID, ...filter } as const;
      return (await listVectorStores(depsOf(h), { tenantId: TENANT_ID, query })).total;
    };
    expect(itemOf(report, 'stores_expiring').count).toBe(2);
    expect(await totalOf({ expiring: 'soon' })).toBe(2);
    expect(itemOf(report, 'failed_files').count).toBe(1);
    expect(await totalOf({ status: 'failed_files' })).toBe(1);
    expect(itemOf(report, 'storage_debt').debt?.map(({ kind, count }) => [kind, count])).toEqual([['failed_files', 1]]);
  });

  it('names a parked deletion with its connection, until it is given up', async () => {
    const { h, store } = await healthy();
    h.sandbox.faults.add({ kind: 'status', status: 403, method: 'DELETE' });
    const deletion = await h.carryOut({ storeIds: [store] });
    expect(deletion.status).toBe('parked');
    const report = await overview(h);
    expect(report.parkedDeletionCount).toBe(1);
    expect(itemOf(report, 'deletion_parked')).toMatchObject({
      id: deletion.id,
      name: deletion.title,
      message: deletion.message,
      connections: [{ id: CONNECTION_ID }],
    });
    await h.cancel(deletion.id);
    expect(kindsOf(await overview(h))).not.toContain('deletion_parked');
  });

  it('says why deletions are held back to the tenant of the operators only', async () => {
    const { h } = await healthy();
    expect(itemOf(await overview(h, TENANT_ID, ['The clock jumped.']), 'deletions_held').message).toBe(
      'The clock jumped.',
    );
    expect((await overview(h, 'tenant-b', ['The clock jumped.'])).attention).toEqual([]);
  });

  it('shows another tenant nothing', async () => {
    const { h } = await healthy();
    expect(await overview(h, 'tenant-b')).toMatchObject({
      attention: [],
      connections: [],
      storage: { storeCount: 0, usageBytes: 0, connections: [], topStores: [], history: [], forecast: null },
    });
  });
});

describe('the health of a connection', () => {
  it('is its lag and its last runs, newest first', async () => {
    const { h } = await healthy();
    await h.sync({ isDryRun: true });
    h.sandbox.faults.add({ kind: 'status', status: 500, path: '/vector_stores' });
    h.clock.advance(HOUR_MS);
    await h.sync();
    const [connection] = (await overview(h)).connections;
    expect(connection?.runs.map(({ status, dryRun }) => [status, dryRun])).toEqual([
      ['failed', false],
      ['succeeded', true],
      ['succeeded', false],
    ]);
    expect(connection?.lagSeconds).toBeGreaterThanOrEqual(HOUR_MS / 1000);
    expect(connection?.lastCompleteSyncAt).toBe(connection?.runs[2]?.finishedAt);
  });
});

describe('storage and cost', () => {
  it('are the totals of the mirrors, and their history grows by complete syncs only', async () => {
    const { h, store } = await healthy();
    const { storage } = await overview(h);
    expect(storage).toMatchObject({ storeCount: 1, fileCount: 1, usageBytes: 3 * GB, usdPerMonth: 6, forecast: null });
    expect(storage.connections).toMatchObject([{ connectionId: CONNECTION_ID, storeCount: 1, usdPerMonth: 6 }]);
    expect(storage.topStores).toMatchObject([{ id: store, usdPerMonth: 6 }]);
    expect(storage.history).toMatchObject([{ usageBytes: 3 * GB, usdPerMonth: 6 }]);

    h.clock.advance(DAY_MS);
    await h.sync({ isDryRun: true });
    h.sandbox.faults.add({ kind: 'status', status: 500, path: '/vector_stores' });
    await h.sync();
    expect((await overview(h)).storage.history).toHaveLength(1);
  });

  it('continue a steady growth in the forecast, and old snapshots are thinned', async () => {
    const { h, state, store } = await healthy();
    for (let day = 0; day < 6; day += 1) {
      h.clock.advance(DAY_MS);
      const file = state.createFile({ filename: `day-${day}.txt`, content: 'more' }).id;
      state.attach({ storeId: store, fileId: file, outcome: { usageBytes: GB, lastError: null } });
      await h.sync();
      await h.sync();
    }
    const { history, forecast } = (await overview(h)).storage;
    expect(history.map(({ usageBytes }) => Math.round(usageBytes / GB))).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect((forecast?.usageBytes ?? 0) / GB).toBeCloseTo(39, 0);
    expect(forecast?.usdPerMonth).toBeCloseTo(38 * 3, -1);
    const taken = await h.db.read.storageSnapshots.listTimes(TENANT_ID, CONNECTION_ID);
    // 13 syncs: the last 2 days whole, of the days before the last one each.
    expect(taken.length).toBeLessThan(13);
    expect(taken.length).toBeGreaterThanOrEqual(9);
  });

  it('forget a connection that was deleted', async () => {
    const { h } = await healthy();
    await deleteConnectionRows(h.deps, TENANT_ID, CONNECTION_ID);
    expect((await overview(h)).storage).toMatchObject({ connections: [], history: [] });
    expect(await h.db.read.storageSnapshots.list(TENANT_ID)).toEqual([]);
  });
});
