import type { DebtCategory, DebtKind, PlanDeletionBody, StorageDebt } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError } from '../support/http.ts';
import { sync, syncOk, until } from '../support/sync.ts';

const GB = 2 ** 30;
const HOUR_S = 3600;
const lastError = { code: 'server_error', message: 'An internal error occurred.' } as const;

let sandbox: RunningSandbox;
let espejo: Espejo;
/** One of each kind of debt that a listing shows at once, and some objects that are not debt. */
let ids: Record<'good' | 'orphan' | 'copy' | 'fresh' | 'own' | 'failed' | 'inUse' | 'empty', string>;

const report = () => espejo.call('getStorageDebt', {});
function of(debt: StorageDebt, kind: DebtKind): DebtCategory {
  const found = debt.categories.find((category) => category.kind === kind);
  if (found === undefined) throw new Error(`There is no category ${kind}.`);
  return found;
}
const settings = (json: unknown) => espejo.request('PATCH', '/api/settings', { json });

beforeAll(async () => {
  sandbox = await startSandbox();
  const { state } = sandbox;
  const oldS = Math.floor(Date.now() / 1000) - 5 * HOUR_S;
  const file = (filename: string, more: { purpose?: string; createdAt?: number; bytes?: number } = {}) =>
    state.createFile({ filename, createdAt: oldS, bytes: 1000, ...more }).id;
  const good = file('good.md');
  const failed = file('failed.md');
  const inUse = state.createStore({ name: 'In use' }).id;
  // Three GB, of which the first is free.
  state.attach({ storeId: inUse, fileId: good, outcome: { usageBytes: 3 * GB, lastError: null } });
  state.attach({ storeId: inUse, fileId: failed, outcome: { usageBytes: 0, lastError } });
  ids = {
    good,
    failed,
    inUse,
    orphan: file('orphan.md', { bytes: 700 }),
    copy: file('good.md'),
    own: file('user.md', { purpose: 'user_data' }),
    fresh: file('fresh.md', { createdAt: oldS + 5 * HOUR_S }),
    empty: state.createStore({ name: 'Empty', createdAt: oldS }).id,
  };
  espejo = await startEspejo({
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

describe('GET /api/storage-debt', () => {
  it('reports no debt and offers no clean-up while a listing is incomplete', async () => {
    sandbox.faults.add({ kind: 'status', status: 404, path: `/vector_stores/${ids.inUse}/files` });
    expect((await sync(espejo)).status).toBe('partial');
    const orphans = of(await report(), 'orphan_files');
    expect(orphans).toMatchObject({ isComplete: false, count: 0, cleanup: null });
  });

  it('reports each kind of debt with its bytes, price and clean-up', async () => {
    await syncOk(espejo, { full: true });
    const debt = await report();
    expect(Object.fromEntries(debt.categories.map(({ kind, count }) => [kind, count]))).toEqual({
      orphan_files: 2,
      files_in_use: 0,
      expired_stores: 0,
      empty_stores: 1,
      failed_files: 1,
      stuck_files: 0,
      ghosts: 0,
      duplicates: 1,
    });
    expect(of(debt, 'orphan_files')).toMatchObject({ isComplete: true, bytes: 1700 });
    expect(
      of(debt, 'orphan_files')
        .items.map((item) => item.id)
        .sort(),
    ).toEqual([ids.orphan, ids.copy].sort());
    expect(of(debt, 'failed_files').items).toMatchObject([
      { id: `${ids.inUse}/${ids.failed}`, storeName: 'In use', note: lastError.message },
    ]);
    expect(of(debt, 'duplicates').items).toMatchObject([{ id: ids.copy, note: `same name and size as ${ids.good}` }]);
    for (const { kind, count, cleanup, isComplete } of debt.categories) {
      expect(isComplete, kind).toBe(true);
      expect(cleanup !== null, kind).toBe(count > 0);
    }
  });

  it('computes the price as bytes beyond the free amount times the configured rate', async () => {
    const published = await report();
    expect(published).toMatchObject({ isEstimate: true, rates: { usdPerGbDay: 0.1, freeGb: 1 } });
    expect(published.connections).toMatchObject([{ connectionId: 'default', usageBytes: 3 * GB, usdPerMonth: 6 }]);
    expect(published.totalUsdPerMonth).toBe(6);
    expect(published.topStores[0]).toMatchObject({ id: ids.inUse, usageBytes: 3 * GB, usdPerMonth: 6 });

    expect((await settings({ usdPerGbDay: 0.2, freeGb: 0 })).json).toEqual({ usdPerGbDay: 0.2, freeGb: 0 });
    expect(await report()).toMatchObject({ totalUsdPerMonth: 18, rates: { usdPerGbDay: 0.2, freeGb: 0 } });
    expect((await settings({ freeGb: 1 })).json).toEqual({ usdPerGbDay: 0.2, freeGb: 1 });
    expect((await report()).totalUsdPerMonth).toBe(12);
    for (const bad of [{ usdPerGbDay: -1 }, { freeGb: 'much' }, { price: 1 }, { usdPerGbDay: null }]) {
      expectError(await settings(bad), 400, 'invalid_request');
    }
    expect((await espejo.call('getSettings', {})).usdPerGbDay).toBe(0.2);
  });

  it.each(['duplicates', 'failed_files', 'empty_stores', 'orphan_files'] as const)(
    'the clean-up of %s is accepted as a deletion plan and removes all of it',
    async (kind) => {
      const { cleanup } = of(await report(), kind);
      expect(cleanup).not.toBeNull();
      await carryOut(cleanup ?? {});
      await syncOk(espejo, { full: true });
      expect(of(await report(), kind)).toMatchObject({ count: 0, items: [], cleanup: null });
    },
  );

  it('the clean-ups removed only what was debt', () => {
    const { state } = sandbox;
    expect(state.storeIds()).toEqual([ids.inUse]);
    expect([...state.fileIds()].sort()).toEqual([ids.good, ids.fresh, ids.own].sort());
    expect(
      state
        .snapshot()
        .attachments.get(ids.inUse)
        ?.map((row) => row.id),
    ).toEqual([ids.good]);
  });
});

async function carryOut(body: PlanDeletionBody): Promise<void> {
  const { planHash } = await espejo.call('planDeletion', { body });
  const { id } = await espejo.call('startDeletion', { body: { planHash } });
  await until(`deletion ${id}`, async () => {
    const { status, message } = await espejo.call('getDeletion', { params: { id } });
    if (status === 'parked') throw new Error(`It parked: ${message}`);
    return status === 'succeeded' ? status : undefined;
  });
}
