import type { WrittenExpiryPolicy } from '@espejo/contracts';
import { DAY_S } from '@espejo/core';
import { expect, it } from 'vitest';
import type { ExpiryContext } from '../services/context/app-context.ts';
import { assertServable } from '../services/lookup/assert-servable.ts';
import { findVectorStore } from '../services/lookup/find-vector-store.ts';
import { touchVectorStore } from '../services/vector-stores/touch-vector-store.ts';
import { type ApiHarness, createApiHarness } from '../testing/whole-api-harness.ts';
import { startExpiryJob } from './expiry.ts';

import { runExpiry } from './run-expiry.ts';

/** Uses a store, as a search does. */
async function touch(h: ApiHarness, id: string) {
  const { services } = h;
  return touchVectorStore(services, await findVectorStore(services, services.tenantId, id));
}

const START_MS = Date.UTC(2026, 0, 15, 9);
const START_S = START_MS / 1000;
const SECOND_MS = 1000;
const DAY_MS = DAY_S * SECOND_MS;

const open = () => createApiHarness(START_MS);

/** Creates a primary store through the API; returns its id. */
async function own(h: ApiHarness, expiryPolicy: WrittenExpiryPolicy, name = 'Own'): Promise<string> {
  return (await h.call('createVectorStore', { body: { name, expiryPolicy } })).id;
}

/** Runs one pass, and waits for everything it started. */
async function pass(h: ApiHarness, deps: ExpiryContext = h.services) {
  const outcome = await runExpiry(deps, { tenantId: h.services.tenantId });
  await h.services.deletionWorkers.idle();
  return outcome;
}

const store = (h: ApiHarness, id: string) => h.services.db.read.vectorStores.find(h.services.tenantId, id);
const status = async (h: ApiHarness, id: string) => (await store(h, id))?.status;
const events = (h: ApiHarness, id: string) =>
  h
    .audit()
    .filter((event) => event.subject === id && event.actor !== 'local')
    .map((event) => event.action);
const NOTHING = { warned: 0, expired: 0, undone: 0, purgeIds: [] };

it('the expiry job announces an expiry, expires the store to the second, and purges it through the ledger', async () => {
  const h = await open();
  const id = await own(h, { kind: 'after_last_active', days: 30 });
  expect(await pass(h)).toEqual(NOTHING);

  h.clock.advance(23 * DAY_MS);
  expect(await pass(h)).toEqual({ ...NOTHING, warned: 1 });
  expect(await pass(h)).toEqual(NOTHING);

  h.clock.advance(7 * DAY_MS - SECOND_MS);
  expect(await pass(h)).toEqual(NOTHING);
  h.clock.advance(SECOND_MS);
  expect(await pass(h)).toEqual({ ...NOTHING, expired: 1 });
  expect(await status(h, id)).toBe('expired');
  expect(await h.call('getVectorStore', { params: { id } })).toMatchObject({ expiryState: 'expired' });

  h.clock.advance(30 * DAY_MS - SECOND_MS);
  expect(await pass(h)).toEqual(NOTHING);
  h.clock.advance(SECOND_MS);
  const purge = await pass(h);
  expect(purge).toMatchObject({ purgeIds: [expect.stringMatching(/^del_/)] });
  expect(await store(h, id)).toBeUndefined();
  const [deletionId = ''] = purge?.purgeIds ?? [];
  expect(await h.call('getDeletion', { params: { id: deletionId } })).toMatchObject({
    status: 'succeeded',
    trigger: 'expiry',
    actor: 'expiry',
    title: 'Purge expired store Own',
    steps: { total: 1, done: 1 },
  });
  expect(events(h, id)).toEqual(['vector_store.expiry_announced', 'vector_store.expired']);
  expect(events(h, deletionId)).toEqual(['deletion.requested', 'deletion.succeeded']);
});

it('the expiry job leaves mirrors alone, due or long expired: they expire when upstream says so', async () => {
  const h = await open();
  await h.mirror([
    { id: 'vs_overdue', expiresAt: START_S - 400 * DAY_S, expiresAfter: { anchor: 'last_active_at', days: 1 } },
    { id: 'vs_expired', expiresAt: START_S - 400 * DAY_S, status: 'expired' },
  ]);
  const read = async () => [await store(h, 'vs_overdue'), await store(h, 'vs_expired')];
  const before = await read();
  for (const days of [0, 1, 60, 400]) {
    h.clock.advance(days * DAY_MS);
    expect(await pass(h)).toEqual(NOTHING);
  }
  expect(await read()).toEqual(before);
  expect(h.audit()).toEqual([]);
  expect(await h.call('getVectorStore', { params: { id: 'vs_overdue' } })).toMatchObject({
    expiryState: 'soon',
    expiryText: expect.stringContaining('due now, when OpenAI says so'),
  });
});

it('the expiry job expires nothing early while the clock is a day behind, and restores what a day ahead expired', async () => {
  const h = await open();
  const id = await own(h, { kind: 'after_creation', durationS: 'P10D' });
  const kept = await own(h, { kind: 'after_creation', durationS: 'P11DT1S' });
  h.clock.advance(9 * DAY_MS);
  h.clock.advance(-DAY_MS);
  expect(await pass(h)).toMatchObject({ expired: 0 });
  h.clock.advance(DAY_MS);
  // A day ahead: by this clock the store has expired, and by no other.
  h.clock.advance(DAY_MS);
  expect(await pass(h)).toMatchObject({ expired: 1, purgeIds: [] });
  h.clock.advance(-DAY_MS);
  expect(await pass(h)).toMatchObject({ expired: 0, undone: 1 });
  expect(await store(h, id)).toMatchObject({ status: 'completed', expiredAtMs: null, lastActiveAt: START_S });
  await touch(h, id);
  h.clock.advance(DAY_MS);
  expect(await pass(h)).toMatchObject({ expired: 1 });
  expect(await status(h, kept)).toBe('completed');
});

it('the expiry job expires due stores after months of sleep, and purges them only after their full retention', async () => {
  const h = await open();
  const id = await own(h, { kind: 'after_creation', durationS: 'P10D' });
  h.clock.advance(100 * DAY_MS);
  // No pass has run, and still it is not served.
  await expect(touch(h, id)).rejects.toMatchObject({ code: 'vector_store_expired' });
  expect(await pass(h)).toEqual({ ...NOTHING, expired: 1 });
  h.clock.advance(29 * DAY_MS);
  expect(await pass(h)).toEqual(NOTHING);
  h.clock.advance(DAY_MS);
  expect(await pass(h)).toMatchObject({ purgeIds: [expect.any(String)] });
  expect(await store(h, id)).toBeUndefined();
});

it('a store is served until its last second and not longer, and a late use does not restore it', async () => {
  const h = await open();
  const id = await own(h, { kind: 'after_last_active', days: 1 });
  h.clock.advance(DAY_MS - SECOND_MS);
  expect(await touch(h, id)).toMatchObject({ lastActiveAt: START_S + DAY_S - 1, expiresAt: START_S + 2 * DAY_S - 1 });
  h.clock.advance(DAY_MS);
  for (const round of ['before the job', 'after it']) {
    await expect(touch(h, id), round).rejects.toMatchObject({ code: 'vector_store_expired', status: 410 });
    await pass(h);
  }
  expect(await store(h, id)).toMatchObject({ status: 'expired', lastActiveAt: START_S + DAY_S - 1 });
});

it('a search checks again behind a lock: a late one does not undo the expiry', async () => {
  const h = await open();
  const { db } = h.services;
  const id = await own(h, { kind: 'after_last_active', days: 1 });
  h.clock.advance(DAY_MS - SECOND_MS);
  const gate = Promise.withResolvers<void>();
  const holding = db.transaction(() => gate.promise);
  const late = touch(h, id);
  late.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  h.clock.advance(SECOND_MS);
  gate.resolve();
  await holding;
  await expect(late).rejects.toMatchObject({ code: 'vector_store_expired' });
  expect(await store(h, id)).toMatchObject({ lastActiveAt: START_S });
});

it('the expiry job empties the trash after its retention, and keeps restored stores', async () => {
  const h = await open();
  const [gone, restored] = [await own(h, { kind: 'never' }), await own(h, { kind: 'never' })];
  const plan = await h.call('planDeletion', { body: { storeIds: [gone, restored] } });
  await h.call('startDeletion', { body: { planHash: plan.planHash } });
  await h.services.deletionWorkers.idle();
  expect(await status(h, gone)).toBe('trashed');
  await expect(touch(h, gone)).rejects.toMatchObject({
    code: 'vector_store_trashed',
  });
  await h.call('restoreVectorStore', { params: { id: restored } });
  h.clock.advance(30 * DAY_MS - SECOND_MS);
  expect(await pass(h)).toEqual(NOTHING);
  h.clock.advance(SECOND_MS);
  const [deletionId = ''] = (await pass(h))?.purgeIds ?? [];
  expect(await h.call('getDeletion', { params: { id: deletionId } })).toMatchObject({
    trigger: 'trash',
    title: 'Purge trashed store Own',
    steps: { total: 1, done: 1 },
  });
  expect(await store(h, gone)).toBeUndefined();
  expect(await status(h, restored)).toBe('completed');
});

it('the expiry job purges nothing while the clock is not trusted, and goes on when it is', async () => {
  const h = await open();
  const trashed = await own(h, { kind: 'never' });
  const expired = await own(h, { kind: 'after_creation', durationS: 60 });
  const plan = await h.call('planDeletion', { body: { storeIds: [trashed] } });
  await h.call('startDeletion', { body: { planHash: plan.planHash } });
  await h.services.deletionWorkers.idle();
  h.clock.advance(60 * SECOND_MS);
  await pass(h);
  const certainMs = h.clock.nowMs();
  h.clock.advance(400 * DAY_MS);
  const doubting: ExpiryContext = { ...h.services, clock: { nowMs: h.clock.nowMs, certainMs: () => certainMs } };
  expect(await pass(h, doubting)).toEqual(NOTHING);
  expect([await status(h, trashed), await status(h, expired)]).toEqual(['trashed', 'expired']);
  expect((await pass(h))?.purgeIds).toHaveLength(2);
});

it('the expiry job continues a purge that a stop left open, plans nothing twice, and keeps stores restored meanwhile', async () => {
  const h = await open();
  const { services } = h;
  const [gone, revived] = [
    await own(h, { kind: 'after_creation', durationS: 60 }),
    await own(h, { kind: 'after_creation', durationS: 60 }),
  ];
  h.clock.advance(60 * SECOND_MS);
  await pass(h);
  h.clock.advance(30 * DAY_MS);
  // The process stops after the deletion is recorded and before any step.
  const stopped: ExpiryContext = {
    ...services,
    deletionWorkers: { ...services.deletionWorkers, wake: () => undefined },
  };
  const [deletionId = ''] = (await pass(h, stopped))?.purgeIds ?? [];
  expect(await pass(h)).toEqual(NOTHING);
  expect(await h.call('extendVectorStores', { body: { storeIds: [revived], days: 60 } })).toMatchObject({
    extended: [{ id: revived, wasExpired: true }],
  });

  await services.deletionWorkers.resume(services.tenantId);
  await services.deletionWorkers.idle();
  expect(await store(h, gone)).toBeUndefined();
  expect(await status(h, revived)).toBe('completed');
  const { data } = await h.call('listDeletionSteps', { params: { id: deletionId }, query: {} });
  const states = Object.fromEntries(data.map((step) => [step.storeId, step.state]));
  expect(states).toEqual({ [gone]: 'done', [revived]: 'cancelled' });
  expect(await h.call('getDeletion', { params: { id: deletionId } })).toMatchObject({ status: 'succeeded' });
});

it('the expiry job runs in one process at a time, and in the next when that one is gone', async () => {
  const h = await open();
  const { db, tenantId } = h.services;
  const id = await own(h, { kind: 'after_creation', durationS: 60 });
  h.clock.advance(60 * SECOND_MS);
  const expiresAtMs = h.clock.nowMs() + 30 * SECOND_MS;
  await db.transaction((tx) => tx.leases.take({ tenantId, name: 'expiry', owner: 'elsewhere/1/boot', expiresAtMs }));
  expect(await pass(h)).toBeUndefined();
  expect(await status(h, id)).toBe('completed');
  h.clock.advance(30 * SECOND_MS);
  expect(await pass(h)).toMatchObject({ expired: 1 });
});

it('the expiry job writes nothing once another process has taken over', async () => {
  const h = await open();
  const { db, tenantId } = h.services;
  const id = await own(h, { kind: 'after_creation', durationS: 60 });
  h.clock.advance(60 * SECOND_MS);
  let isOvertaken = false;
  const overtaken: ExpiryContext = {
    ...h.services,
    db: {
      ...db,
      async transaction(work) {
        const result = await db.transaction(work);
        // Suspended right after it got the lease; its successor got one too.
        const owner = 'elsewhere/1/boot';
        if (!isOvertaken)
          await db.transaction((tx) => tx.leases.take({ tenantId, name: 'expiry', owner, expiresAtMs: 0 }));
        isOvertaken = true;
        return result;
      },
    },
  };
  await expect(pass(h, overtaken)).rejects.toMatchObject({ code: 'lease_lost' });
  expect(await status(h, id)).toBe('completed');
  expect(await pass(h)).toMatchObject({ expired: 1 });
});

it('the expiry job handles more stores than fit one transaction', async () => {
  const h = await open();
  const { db, tenantId } = h.services;
  await db.transaction(async (tx) => {
    for (let i = 0; i < 450; i += 1) {
      const id = `vs_${i}`;
      await tx.vectorStores.insertPrimary({ tenantId, id, name: null, createdAtS: START_S, nowMs: START_MS });
      await tx.vectorStores.edit(tenantId, id, { expiryPolicy: { kind: 'at', instantS: START_S + 60 } }, START_MS);
    }
  });
  expect(await pass(h)).toEqual({ ...NOTHING, warned: 450 });
  h.clock.advance(60 * SECOND_MS);
  expect(await pass(h)).toEqual({ ...NOTHING, expired: 450 });
  h.clock.advance(30 * DAY_MS);
  await pass(h);
  expect((await h.call('listVectorStores', { query: {} })).total).toBe(0);
});

it('the expiry job runs once at the start, for what expired while no process ran', async () => {
  const h = await open();
  const id = await own(h, { kind: 'after_creation', durationS: 60 });
  h.clock.advance(60 * SECOND_MS);
  await startExpiryJob(h.services, async () => [h.services.tenantId]).stop();
  expect(await status(h, id)).toBe('expired');
});

it('a mirror is served or not as upstream alone decides', async () => {
  const h = await open();
  await h.mirror([
    { id: 'vs_overdue', expiresAt: START_S - DAY_S },
    { id: 'vs_expired', status: 'expired' },
  ]);
  const servable = async (id: string) => {
    const found = await store(h, id);
    if (found === undefined) throw new Error(`no store ${id}`);
    return () => assertServable(found, START_MS);
  };
  expect(await servable('vs_overdue')).not.toThrow();
  expect(await servable('vs_expired')).toThrow('OpenAI does not bring expired stores back');
  // Its last use is set by upstream.
  const before = await store(h, 'vs_overdue');
  h.clock.advance(DAY_MS);
  expect(await touch(h, 'vs_overdue')).toEqual(before);
});
