import { describe, expect, it } from 'vitest';
import { deletionRow, NOW_MS, stepRow } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';
import type { DeletionRow } from './deletions.ts';

export function deletionsSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const insert = (id: string, fields: Partial<DeletionRow> = {}) =>
    t.db.transaction((tx) => tx.deletions.insert(deletionRow(MINE, id, fields)));
  const planRow = (hash: string, createdAtMs = NOW_MS) => ({
    tenantId: MINE,
    hash,
    request: '{}',
    decision: '{}',
    plan: '{}',
    createdAtMs,
  });
  const putPlan = (hash: string, createdAtMs?: number) =>
    t.db.transaction((tx) => tx.deletions.putPlan(planRow(hash, createdAtMs)));
  const list = (more: object = {}) =>
    t.db.read.deletions.list({ tenantId: MINE, status: undefined, after: undefined, limit: 10, ...more });

  describe('deletion plans', () => {
    it('finds a plan by its hash, and replaces it in place', async () => {
      expect(await t.db.read.deletions.findPlan(MINE, 'plan-1'), "not another tenant's").toBeUndefined();
      await putPlan('plan-1', 1);
      await putPlan('plan-1', 2);
      expect(await t.db.read.deletions.findPlan(MINE, 'plan-1')).toEqual(planRow('plan-1', 2));
    });

    it('lets only the first caller that removes a plan use it', async () => {
      await putPlan('plan-1');
      const remove = () => t.db.transaction((tx) => tx.deletions.removePlan(MINE, 'plan-1'));
      expect([await remove(), await remove()]).toEqual([true, false]);
    });

    it('removes unused plans by age', async () => {
      await putPlan('old', 1);
      await putPlan('new', 2);
      await t.db.transaction((tx) => tx.deletions.removePlansBefore(MINE, 2));
      expect(await t.db.read.deletions.findPlan(MINE, 'old')).toBeUndefined();
      expect(await t.db.read.deletions.findPlan(MINE, 'new')).toBeDefined();
    });
  });

  describe('deletions', () => {
    it('finds and updates a single deletion', async () => {
      await insert('del-1');
      await insert('del-9');
      await t.db.transaction((tx) => tx.deletions.update(MINE, 'del-1', { status: 'parked', message: 'Why.' }));
      expect(await t.db.read.deletions.find(MINE, 'del-1')).toEqual(
        deletionRow(MINE, 'del-1', { status: 'parked', message: 'Why.' }),
      );
      expect(await t.db.read.deletions.find(MINE, 'del-9')).toEqual(deletionRow(MINE, 'del-9'));
    });

    it('lists open deletions in the order they were created', async () => {
      await insert('b', { status: 'running', createdAtMs: 2 });
      await insert('a', { status: 'waiting', createdAtMs: 1 });
      for (const status of ['succeeded', 'parked', 'cancelled'] as const) await insert(status, { status });
      expect((await t.db.read.deletions.listOpen(MINE)).map((row) => row.id)).toEqual(['a', 'b']);
      expect(await t.db.read.deletions.countOpen(MINE)).toBe(2);
    });

    it('finds an open deletion by its plan', async () => {
      await insert('done', { planHash: 'h', status: 'succeeded' });
      expect(await t.db.read.deletions.findOpenOf(MINE, 'h')).toBeUndefined();
      await insert('open', { planHash: 'h', status: 'waiting' });
      expect(await t.db.read.deletions.findOpenOf(MINE, 'h')).toBe('open');
      expect(await t.db.read.deletions.findOpenOf(MINE, 'plan-1'), "not another tenant's").toBeUndefined();
    });

    it('lists deletions newest first over pages, by status, with their total', async () => {
      for (let i = 0; i < 7; i += 1) {
        await insert(`del-${i}`, {
          createdAtMs: NOW_MS + Math.floor(i / 2),
          status: i % 3 === 0 ? 'parked' : 'succeeded',
        });
      }
      const all = await list();
      expect(all.rows.map((row) => row.id)).toEqual(['del-6', 'del-5', 'del-4', 'del-3', 'del-2', 'del-1', 'del-0']);
      expect(all.total).toBe(7);
      const last = all.rows[2];
      const next = await list({ after: { createdAtMs: last?.createdAtMs, id: last?.id }, limit: 2 });
      expect(next.rows.map((row) => row.id)).toEqual(['del-3', 'del-2']);
      const parked = await list({ status: 'parked', limit: 2 });
      expect(parked.rows.map((row) => row.id)).toEqual(['del-6', 'del-3']);
      expect(parked.total).toBe(3);
    });

    it('lists finished deletions by age for removal, and not those that wait for a person', async () => {
      for (const status of ['succeeded', 'cancelled', 'parked'] as const)
        await insert(status, { status, finishedAtMs: 5 });
      await insert('running', { status: 'running', finishedAtMs: null });
      await insert('young', { status: 'succeeded', finishedAtMs: 6 });
      expect(await t.db.read.deletions.listFinishedBefore(MINE, 6, 10)).toEqual(['cancelled', 'succeeded']);
      expect(await t.db.read.deletions.listFinishedBefore(MINE, 6, 1)).toEqual(['cancelled']);
      await t.db.transaction((tx) => tx.deletions.remove(MINE, 'succeeded'));
      expect(await t.db.read.deletions.find(MINE, 'succeeded')).toBeUndefined();
    });
  });

  describe('deletion steps', () => {
    const insertSteps = (...steps: ReturnType<typeof stepRow>[]) =>
      t.db.transaction((tx) => tx.deletionSteps.insert(MINE, 'del-1', steps));
    const setState = (seq: number, state: 'done' | 'parked' | 'cancelled' | 'pending', reason: string | null = null) =>
      t.db.transaction((tx) =>
        tx.deletionSteps.setState(MINE, 'del-1', seq, {
          state,
          reason,
          attempts: 3,
          finishedAtMs: state === 'done' ? 9 : null,
        }),
      );
    const three = () =>
      insertSteps(
        stepRow(1, { kind: 'detach', storeId: 'vs_1', fileId: 'file-1', snapshot: '{"attributes":{"a":1}}' }),
        stepRow(2, { kind: 'delete_file', storeId: null, fileId: 'file-1', connectionId: 'conn-2' }),
        stepRow(3, { connectionId: null }),
      );

    it('are pending at first, and are listed in order, by connection', async () => {
      await three();
      const { deletionSteps } = t.db.read;
      expect(await deletionSteps.listOfConnection(MINE, 'del-1', 'conn')).toMatchObject([
        { seq: 1, kind: 'detach', storeId: 'vs_1', fileId: 'file-1', state: 'pending', attempts: 0, reason: null },
      ]);
      expect((await deletionSteps.listOfConnection(MINE, 'del-1', null)).map((step) => step.seq)).toEqual([3]);
      expect((await deletionSteps.listPendingConnections(MINE, 'del-1')).sort()).toEqual(
        [null, 'conn', 'conn-2'].sort(),
      );
    });

    it('tell the connections in which a deletion has unfinished steps', async () => {
      await three();
      await setState(1, 'done');
      await setState(2, 'parked', 'Why.');
      const { deletionSteps } = t.db.read;
      expect(await deletionSteps.listUnfinishedConnections(MINE, 'del-1')).toEqual([null, 'conn-2']);
      await setState(2, 'cancelled');
      await setState(3, 'done');
      expect(await deletionSteps.listUnfinishedConnections(MINE, 'del-1')).toEqual([]);
    });

    it('are counted, and listed by state over pages with their snapshots', async () => {
      await three();
      await setState(1, 'done');
      await setState(2, 'parked', 'Why.');
      const { deletionSteps } = t.db.read;
      expect(await deletionSteps.count(MINE, 'del-1')).toEqual({
        total: 3,
        done: 1,
        pending: 1,
        parked: 1,
        cancelled: 0,
      });
      const list = (state?: 'done' | 'parked', afterSeq = 0) =>
        deletionSteps.list({ tenantId: MINE, deletionId: 'del-1', state, afterSeq, limit: 2 });
      const first = await list();
      expect(first.rows.map((step) => [step.seq, step.state])).toEqual([
        [1, 'done'],
        [2, 'parked'],
      ]);
      expect(first.total).toBe(3);
      expect(first.rows[0]).toMatchObject({ snapshot: { attributes: { a: 1 } }, attempts: 3, finishedAtMs: 9 });
      expect((await list(undefined, 2)).rows.map((step) => step.seq)).toEqual([3]);
      expect(await list('parked')).toMatchObject({ rows: [{ seq: 2, reason: 'Why.', snapshot: null }], total: 1 });
      expect(await deletionSteps.firstParkedReason(MINE, 'del-1')).toBe('Why.');
    });

    it('are moved together from one state to another, of one connection or of all', async () => {
      await three();
      const moveAll = (change: {
        from: 'pending' | 'parked';
        to: 'parked' | 'pending';
        connectionId?: string | null;
      }) => t.db.transaction((tx) => tx.deletionSteps.moveAll(MINE, 'del-1', { reason: 'Moved.', ...change }));
      expect(await moveAll({ from: 'pending', to: 'parked', connectionId: null })).toBe(1);
      expect(await moveAll({ from: 'pending', to: 'parked', connectionId: 'conn' })).toBe(1);
      expect((await t.db.read.deletionSteps.count(MINE, 'del-1')).parked).toBe(2);
      expect(await moveAll({ from: 'parked', to: 'pending' })).toBe(2);
      await setState(1, 'pending');
      await t.db.transaction((tx) => tx.deletionSteps.resetAttempts(MINE, 'del-1'));
      expect((await t.db.read.deletionSteps.listOfConnection(MINE, 'del-1', 'conn'))[0]?.attempts).toBe(0);
    });

    it('show that a connection has pending steps, while their deletion is open', async () => {
      await insert('del-1', { status: 'running' });
      await three();
      const { deletionSteps } = t.db.read;
      expect(await deletionSteps.hasPendingIn(MINE, 'conn')).toBe(true);
      expect(await deletionSteps.hasPendingIn(MINE, 'conn-9')).toBe(false);
      await setState(1, 'parked');
      expect(await deletionSteps.hasPendingIn(MINE, 'conn')).toBe(false);
      await t.db.transaction((tx) => tx.deletions.update(MINE, 'del-1', { status: 'parked' }));
      expect(await deletionSteps.hasPendingIn(MINE, 'conn-2')).toBe(false);
    });

    it('that are done are counted by what they did, with the size of the stores that are gone', async () => {
      await insertSteps(
        stepRow(1, { kind: 'detach', fileId: 'file-1' }),
        stepRow(2, { kind: 'detach', fileId: 'file-2' }),
        stepRow(3, { kind: 'delete_file', storeId: null, fileId: 'file-1' }),
        stepRow(4, { storeId: 'vs_1', snapshot: '{"usageBytes":7}' }),
        stepRow(5, { storeId: 'vs_2', snapshot: '{"usageBytes":9}' }),
      );
      for (const seq of [1, 2, 3, 4]) await setState(seq, 'done');
      await setState(5, 'cancelled');
      const { deletionSteps } = t.db.read;
      expect(await deletionSteps.countDone(MINE, 'del-1')).toEqual({
        stores: 1,
        filesDeleted: 1,
        attachmentsDetached: 2,
        usageBytes: 7,
      });
      expect(await deletionSteps.listStoresLeft(MINE, 'del-1', 10)).toEqual(['vs_2']);
      expect(await deletionSteps.listCancelled(MINE, 'del-1')).toEqual([
        { kind: 'delete_store', storeId: 'vs_2', fileId: null },
      ]);
      expect(await deletionSteps.countDone(MINE, 'del-2'), 'a deletion without steps has done nothing').toEqual({
        stores: 0,
        filesDeleted: 0,
        attachmentsDetached: 0,
        usageBytes: 0,
      });
    });

    it('tell which deletion left a store half empty, until the store is listed again', async () => {
      await insert('del-1', { status: 'running' });
      await insertSteps(
        stepRow(1, { kind: 'detach', fileId: 'file-1' }),
        stepRow(2, { kind: 'detach', fileId: 'file-2' }),
        stepRow(3),
      );
      const { deletionSteps } = t.db.read;
      const find = (sinceMs: number, storeId = 'vs_1') => deletionSteps.findUnfinishedOfStore(MINE, storeId, sinceMs);
      const end = (status: 'cancelled' | 'succeeded') =>
        t.db.transaction((tx) => tx.deletions.update(MINE, 'del-1', { status, finishedAtMs: NOW_MS + 5 }));
      expect(await find(NOW_MS), 'an open one, whatever it has done').toMatchObject({ status: 'running' });
      await end('cancelled');
      expect(await find(NOW_MS), 'it took nothing from the store').toBeUndefined();
      await setState(1, 'done');
      expect(await find(NOW_MS)).toEqual({
        id: 'del-1',
        status: 'cancelled',
        finishedAtMs: NOW_MS + 5,
        detachedCount: 1,
      });
      expect(await find(NOW_MS + 5), 'the store was listed since').toBeUndefined();
      expect(await find(NOW_MS, 'vs_2')).toBeUndefined();
      await setState(3, 'done');
      await end('succeeded');
      expect(await find(NOW_MS)).toBeUndefined();
    });

    it('go with their deletion', async () => {
      await three();
      await t.db.transaction((tx) => tx.deletionSteps.removeOfDeletion(MINE, 'del-1'));
      expect((await t.db.read.deletionSteps.count(MINE, 'del-1')).total).toBe(0);
    });
  });
}
