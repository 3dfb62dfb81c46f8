import { expect, it } from 'vitest';
import { connectionRow, NOW_MS, runRow } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';
import type { SyncRunKey, SyncRunRow } from './sync-runs.ts';

export function syncRunsSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const insert = (...runs: readonly SyncRunRow[]) =>
    t.db.transaction(async (tx) => {
      for (const run of runs) await tx.syncRuns.insert(run);
    });
  const list = (input: { after?: SyncRunKey; status?: SyncRunRow['status']; connectionId?: string; limit?: number }) =>
    t.db.read.syncRuns.list({
      tenantId: MINE,
      connectionId: undefined,
      status: undefined,
      after: undefined,
      limit: 100,
      ...input,
    });

  it("returns no run to a tenant that has none, for another tenant's ids", async () => {
    const { syncRuns } = t.db.read;
    expect(await syncRuns.find(MINE, 'run-1')).toBeUndefined();
    expect(await list({})).toEqual({ rows: [], total: 0 });
    expect(await syncRuns.listRunning(MINE)).toEqual([]);
    expect(await syncRuns.findLatestReal(MINE, 'conn')).toBeUndefined();
    expect(await syncRuns.listFinishedBefore(MINE, NOW_MS * 2, 10)).toEqual([]);
  });

  it('keeps every field with the name of the connection, which is null once the connection is removed', async () => {
    const run = runRow(MINE, 'run-1', {
      trigger: 'approval',
      status: 'failed',
      isFull: true,
      finishedAtMs: null,
      isComplete: false,
      isCancelRequested: true,
      plan: '{"hash":"h"}',
      errorCode: 'internal',
      errorMessage: 'm',
      approvedAtMs: NOW_MS,
    });
    await insert(run);
    await t.db.transaction((tx) => tx.connections.insert(connectionRow(MINE, 'conn', { name: 'Mine' })));
    expect(await t.db.read.syncRuns.find(MINE, 'run-1')).toEqual({ ...run, connectionName: 'Mine' });
    await t.db.transaction((tx) => tx.connections.remove(MINE, 'conn'));
    expect(await t.db.read.syncRuns.find(MINE, 'run-1')).toEqual({ ...run, connectionName: null });
  });

  it('updates and removes runs one by one, or all of a connection', async () => {
    await insert(
      runRow(MINE, 'run-1'),
      runRow(MINE, 'run-2'),
      runRow(MINE, 'run-3'),
      runRow(MINE, 'x', { connectionId: 'conn-2' }),
    );
    await t.db.transaction(async (tx) => {
      await tx.syncRuns.update(MINE, 'run-1', { status: 'partial', requestCount: 7 });
      await tx.syncRuns.remove(MINE, 'run-2');
    });
    expect(await t.db.read.syncRuns.find(MINE, 'run-1')).toMatchObject({ status: 'partial', requestCount: 7 });
    expect((await list({})).total).toBe(3);
    await t.db.transaction((tx) => tx.syncRuns.removeAllOf(MINE, 'conn'));
    expect((await list({})).rows.map((run) => run.id)).toEqual(['x']);
  });

  it('pages newest first, without gap or repeat, with any ties and filters', async () => {
    const runs = Array.from({ length: 20 }, (_, i) =>
      runRow(MINE, `run-${String(i).padStart(2, '0')}`, {
        startedAtMs: NOW_MS + (i % 4),
        status: i % 3 === 0 ? 'failed' : 'succeeded',
        connectionId: i % 2 === 0 ? 'conn' : 'conn-2',
      }),
    );
    await insert(...runs);
    for (const filter of [{}, { status: 'failed' as const }, { connectionId: 'conn', status: 'succeeded' as const }]) {
      const wanted = runs
        .filter((run) => Object.entries(filter).every(([field, value]) => Reflect.get(run, field) === value))
        .sort((a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1))
        .map((run) => run.id);
      const seen: string[] = [];
      for (let after: SyncRunKey | undefined; ; ) {
        const page = await list({ ...filter, ...(after === undefined ? {} : { after }), limit: 3 });
        expect(page.total).toBe(wanted.length);
        seen.push(...page.rows.map((run) => run.id));
        after = page.rows.at(-1);
        if (after === undefined) break;
      }
      expect(seen).toEqual(wanted);
    }
  });

  it('lists runs that are in progress', async () => {
    await insert(runRow(MINE, 'run-1', { status: 'running' }), runRow(MINE, 'run-2'));
    expect((await t.db.read.syncRuns.listRunning(MINE)).map((run) => run.id)).toEqual(['run-1']);
  });

  it('finds the run whose review may be open: the newest one that is no dry run and made a plan', async () => {
    const at = (ms: number) => ({ startedAtMs: NOW_MS + ms });
    await insert(
      runRow(MINE, 'reviewed', { status: 'needs_review', plan: '{}', ...at(1) }),
      runRow(MINE, 'dry', { isDryRun: true, ...at(2) }),
      runRow(MINE, 'cancelled', { status: 'cancelled', ...at(3) }),
      runRow(MINE, 'failed-at-once', { status: 'failed', ...at(4) }),
      runRow(MINE, 'running', { status: 'running', ...at(5) }),
      runRow(MINE, 'elsewhere', { connectionId: 'conn-2', ...at(6) }),
    );
    const latest = async () => (await t.db.read.syncRuns.findLatestReal(MINE, 'conn'))?.id;
    expect(await latest()).toBe('reviewed');
    await insert(runRow(MINE, 'failed-late', { status: 'failed', plan: '{}', ...at(7) }));
    expect(await latest()).toBe('failed-late');
  });

  it('lists old finished runs for removal, a few at a time', async () => {
    await insert(
      runRow(MINE, 'old-1', { startedAtMs: 1 }),
      runRow(MINE, 'old-2', { startedAtMs: 2 }),
      runRow(MINE, 'old-running', { startedAtMs: 1, status: 'running' }),
      runRow(MINE, 'new', { startedAtMs: 10 }),
    );
    expect((await t.db.read.syncRuns.listFinishedBefore(MINE, 10, 5)).sort()).toEqual(['old-1', 'old-2']);
    expect(await t.db.read.syncRuns.listFinishedBefore(MINE, 10, 1)).toHaveLength(1);
  });
}
