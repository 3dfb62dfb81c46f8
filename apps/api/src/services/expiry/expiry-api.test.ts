import { ApiError, type ConvertExpiryBody, LIMITS, type WrittenExpiryPolicy } from '@espejo/contracts';
import { DAY_S, EXPIRY_BOUNDS } from '@espejo/core';
import { expect, it } from 'vitest';
import { runExpiry } from '../../jobs/run-expiry.ts';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';

const START_MS = Date.UTC(2026, 0, 15, 9);
const START_S = START_MS / 1000;
const DAY_MS = DAY_S * 1000;
const HOUR_S = 3_600;

const open = (env: Readonly<Record<string, string>> = {}) => createApiHarness(START_MS, env);

async function own(h: ApiHarness, name: string, expiryPolicy: WrittenExpiryPolicy | null): Promise<string> {
  return (await h.call('createVectorStore', { body: { name, expiryPolicy } })).id;
}

/** Status, code and message of a rejected call. */
async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const answer: unknown = await call.catch((cause: unknown) => cause);
  if (answer instanceof ApiError) return answer;
  throw new Error(`not rejected: ${JSON.stringify(answer)}`);
}

it('the expiry API accepts a policy in its own form or in ISO 8601, and returns it in words', async () => {
  const h = await open();
  const id = await own(h, 'Docs', { kind: 'after_creation', durationS: 'PT36H' });
  expect(await h.call('getVectorStore', { params: { id } })).toMatchObject({
    expiryPolicy: { kind: 'after_creation', durationS: 36 * HOUR_S },
    expiresAfter: null,
    expiresAt: START_S + 36 * HOUR_S,
    expiryState: 'soon',
    expiryText: '36 hours after creation; created just now; expires in 1 day',
  });
  const edit = (body: Parameters<typeof h.call<'updateVectorStore'>>[1]['body']) =>
    h.call('updateVectorStore', { params: { id }, body });
  expect(await edit({ expiryPolicy: { kind: 'at', instantS: '2026-12-31T23:59:00Z' } })).toMatchObject({
    expiryPolicy: { kind: 'at', instantS: Date.UTC(2026, 11, 31, 23, 59) / 1000 },
    expiryState: 'counting',
  });
  // OpenAI's form still works, and means the same policy.
  expect(await edit({ expiresAfter: { anchor: 'last_active_at', days: 365 } })).toMatchObject({
    expiryPolicy: { kind: 'after_last_active', days: 365 },
    expiresAfter: { anchor: 'last_active_at', days: 365 },
  });
  expect(await edit({ expiryPolicy: { kind: 'after_last_active', days: 366 } })).toMatchObject({ expiresAfter: null });
  // Omitted keeps, null clears.
  expect(await edit({ name: 'Renamed' })).toMatchObject({ expiryPolicy: { kind: 'after_last_active', days: 366 } });
  expect(await edit({ expiryPolicy: null })).toMatchObject({
    expiryPolicy: { kind: 'never' },
    expiresAt: null,
    expiryState: 'none',
    expiryText: 'Never expires',
  });
  const changes = h.audit().filter((event) => event.action === 'vector_store.expiry_changed');
  expect(changes).toHaveLength(5);
});

it('the expiry API rejects an unusable policy with the reason, and changes nothing', async () => {
  const h = await open();
  const id = await own(h, 'Docs', { kind: 'after_last_active', days: 3 });
  h.clock.advance(2 * DAY_MS);
  const before = await h.call('getVectorStore', { params: { id } });
  const cases: [WrittenExpiryPolicy, string, string][] = [
    [{ kind: 'after_creation', durationS: 'P1M' }, 'invalid_request', 'no fixed length'],
    [{ kind: 'after_creation', durationS: 59 }, 'invalid_request', 'between 60 and 3153600000 seconds'],
    [{ kind: 'after_last_active', days: 36_501 }, 'invalid_request', 'days'],
    [{ kind: 'at', instantS: '2027-01-31T23:59:00' }, 'invalid_request', 'offset'],
    [{ kind: 'after_last_active', days: 2 }, 'expiry_in_past', '2026-01-17 09:00 UTC'],
    [{ kind: 'after_creation', durationS: 'P1D' }, 'expiry_in_past', '2026-01-16 09:00 UTC'],
    [{ kind: 'at', instantS: START_S }, 'expiry_in_past', '2026-01-15 09:00 UTC'],
  ];
  for (const [expiryPolicy, code, reason] of cases) {
    const error = await refusal(h.call('updateVectorStore', { params: { id }, body: { name: 'x', expiryPolicy } }));
    expect(error).toMatchObject({ status: 400, code, message: expect.stringContaining(reason) });
  }
  const both = { expiryPolicy: null, expiresAfter: null };
  const error = await refusal(h.call('updateVectorStore', { params: { id }, body: both }));
  expect(error.message).toContain('expiryPolicy or expiresAfter');
  expect(await h.call('getVectorStore', { params: { id } })).toEqual(before);
});

it('a mirror shows upstream’s policy, and rejects every edit of it', async () => {
  const h = await open();
  await h.mirror([
    {
      id: 'vs_mirror',
      createdAt: START_S - 90 * DAY_S,
      lastActiveAt: START_S - 3 * DAY_S,
      expiresAfter: { anchor: 'last_active_at', days: 30 },
      expiresAt: START_S + 27 * DAY_S,
    },
    { id: 'vs_odd', expiresAfter: { anchor: 'next_full_moon', days: 1 }, expiresAt: START_S + DAY_S },
  ]);
  expect(await h.call('getVectorStore', { params: { id: 'vs_mirror' } })).toMatchObject({
    expiryPolicy: { kind: 'after_last_active', days: 30 },
    expiryState: 'counting',
    expiryText: '30 days after last use; last use 3 days ago; expires in 27 days',
  });
  expect(await h.call('getVectorStore', { params: { id: 'vs_odd' } })).toMatchObject({
    expiryPolicy: null,
    expiryState: 'soon',
    expiryText: 'expires in 1 day',
  });
  for (const body of [{ expiryPolicy: null }, { expiryPolicy: { kind: 'at', instantS: 'nonsense' } as const }]) {
    const error = await refusal(h.call('updateVectorStore', { params: { id: 'vs_mirror' }, body }));
    expect(error).toMatchObject({ status: 403, code: 'vector_store_read_only' });
    expect(error.message).toContain('OpenAI project it comes from');
  }
});

it('a policy is converted to every form before it is saved', async () => {
  const h = await open();
  const convert = (body: ConvertExpiryBody) => h.call('convertExpiry', { body });
  const table = await convert({ policy: { kind: 'after_creation', durationS: 'PT36H' } });
  expect(table).toMatchObject({
    now: START_S,
    source: 'espejo',
    policy: { kind: 'after_creation', durationS: 36 * HOUR_S },
    expiresAt: START_S + 36 * HOUR_S,
  });
  expect(table.rows.map((row) => [row.form, row.result, row.value, row.expiresAt])).toEqual([
    ['espejo', 'exact', { kind: 'after_creation', durationS: 36 * HOUR_S }, START_S + 36 * HOUR_S],
    ['openai_store', 'lossy', { anchor: 'last_active_at', days: 2 }, START_S + 2 * DAY_S],
    ['openai_file', 'exact', { anchor: 'created_at', seconds: 36 * HOUR_S }, START_S + 36 * HOUR_S],
    ['terraform', 'lossy', { anchor: 'now', days: 2 }, START_S + 2 * DAY_S],
  ]);
  const [, store, file] = table.rows;
  expect(store?.reasons.map(({ code, before, after }) => [code, before, after])).toEqual([
    ['anchor_changes', START_S + 36 * HOUR_S, START_S + 36 * HOUR_S],
    ['rounded_up', START_S + 36 * HOUR_S, START_S + 2 * DAY_S],
  ]);
  expect(store?.text).toBe('2 days after last use; last use just now; expires in 2 days');
  expect(file?.reasons).toEqual([]);

  // For a store created 10 days ago and used 4 days ago.
  const known = { createdAt: START_S - 10 * DAY_S, lastActiveAt: START_S - 4 * DAY_S };
  const results = async (body: ConvertExpiryBody) =>
    (await convert(body)).rows.map((row) => [row.result, row.value, row.reasons.map((reason) => reason.code).join()]);
  expect(await results({ ...known, storePolicy: { anchor: 'last_active_at', days: 30 } })).toEqual([
    ['exact', { kind: 'after_last_active', days: 30 }, ''],
    ['exact', { anchor: 'last_active_at', days: 30 }, ''],
    ['refused', null, 'above_maximum'],
    ['lossy', { anchor: 'now', days: 26 }, 'anchor_changes'],
  ]);
  expect(await results({ ...known, terraform: { anchor: 'now', days: 400 } })).toEqual([
    ['exact', { kind: 'at', instantS: START_S + 400 * DAY_S }, ''],
    ['refused', null, 'above_maximum'],
    ['refused', null, 'above_maximum'],
    ['lossy', { anchor: 'now', days: 400 }, 'anchor_changes'],
  ]);
  expect(await results({ ...known, filePolicy: { anchor: 'created_at', seconds: 10 * DAY_S } })).toEqual([
    ['exact', { kind: 'after_creation', durationS: 10 * DAY_S }, ''],
    ['refused', null, 'already_expired'],
    ['exact', { anchor: 'created_at', seconds: 10 * DAY_S }, ''],
    ['refused', null, 'already_expired'],
  ]);
  expect((await results({ storePolicy: null })).map(([result, value]) => [result, value])).toEqual([
    ['exact', { kind: 'never' }],
    ['exact', null],
    ['exact', null],
    ['exact', null],
  ]);
  expect(h.audit()).toEqual([]);
});

it('a conversion takes exactly one form, within OpenAI’s limits to the last day and second', async () => {
  const h = await open();
  const code = (body: ConvertExpiryBody) =>
    h.call('convertExpiry', { body }).then(
      () => 'ok',
      (cause: unknown) => (cause instanceof ApiError ? cause.code : 'crash'),
    );
  expect(await code({})).toBe('invalid_request');
  expect(await code({ storePolicy: null, policy: null })).toBe('invalid_request');
  expect(await code({ policy: { kind: 'at', instantS: 'soon' } })).toBe('invalid_request');
  const store = (days: number) => code({ storePolicy: { anchor: 'last_active_at', days } });
  expect(await Promise.all([0, 1, 365, 366].map(store))).toEqual(['invalid_request', 'ok', 'ok', 'invalid_request']);
  const file = (seconds: number) => code({ filePolicy: { anchor: 'created_at', seconds } });
  expect(await Promise.all([3_599, 3_600, 2_592_000, 2_592_001].map(file))).toEqual([
    'invalid_request',
    'ok',
    'ok',
    'invalid_request',
  ]);
});

it('a bulk extend extends primary stores, and lists each rejected mirror', async () => {
  const h = await open();
  const sliding = await own(h, 'Sliding', { kind: 'after_last_active', days: 3 });
  const fixed = await own(h, 'Fixed', { kind: 'at', instantS: START_S + DAY_S });
  const never = await own(h, 'Never', null);
  const trashed = await own(h, 'Trashed', { kind: 'after_last_active', days: 3 });
  const plan = await h.call('planDeletion', { body: { storeIds: [trashed] } });
  await h.call('startDeletion', { body: { planHash: plan.planHash } });
  await h.services.deletionWorkers.idle();
  await h.mirror([{ id: 'vs_mirror', name: 'Mirror', expiresAt: START_S + DAY_S }]);
  const before = await h.services.db.read.vectorStores.find(h.services.tenantId, 'vs_mirror');

  const storeIds = [sliding, fixed, never, trashed, 'vs_mirror', 'vs_nobody', sliding];
  const result = await h.call('extendVectorStores', { body: { storeIds, days: 10 } });
  expect(result.extended).toEqual([
    {
      id: sliding,
      name: 'Sliding',
      expiryPolicy: { kind: 'after_last_active', days: 13 },
      expiresAtBefore: START_S + 3 * DAY_S,
      expiresAt: START_S + 13 * DAY_S,
      wasExpired: false,
    },
    {
      id: fixed,
      name: 'Fixed',
      expiryPolicy: { kind: 'at', instantS: START_S + 11 * DAY_S },
      expiresAtBefore: START_S + DAY_S,
      expiresAt: START_S + 11 * DAY_S,
      wasExpired: false,
    },
  ]);
  expect(result.refused.map(({ id, name, code }) => [id, name, code])).toEqual([
    [never, 'Never', 'invalid_request'],
    [trashed, 'Trashed', 'vector_store_trashed'],
    ['vs_mirror', 'Mirror', 'vector_store_read_only'],
    ['vs_nobody', null, 'vector_store_not_found'],
  ]);
  for (const { message } of result.refused) expect(message).not.toBe('');
  // Extending is no use of a store.
  expect(await h.call('getVectorStore', { params: { id: sliding } })).toMatchObject({
    lastActiveAt: START_S,
    expiresAt: START_S + 13 * DAY_S,
  });
  expect(await h.services.db.read.vectorStores.find(h.services.tenantId, 'vs_mirror')).toEqual(before);
});

it('a bulk extend takes a filter, and restores expired stores that are not purged', async () => {
  const h = await open();
  const soon = await own(h, 'Soon', { kind: 'after_last_active', days: 3 });
  const later = await own(h, 'Later', { kind: 'after_last_active', days: 60 });
  await h.mirror([{ id: 'vs_mirror', expiresAt: START_S + DAY_S }]);
  const policy = { kind: 'after_last_active', days: 20 } as const;
  const bySoon = await h.call('extendVectorStores', { body: { filter: { expiring: 'soon' }, policy } });
  expect(bySoon.extended.map((store) => store.id)).toEqual([soon]);
  expect(bySoon.refused.map((store) => store.id)).toEqual(['vs_mirror']);
  expect(await h.call('getVectorStore', { params: { id: later } })).toMatchObject({ expiresAt: START_S + 60 * DAY_S });
  const bare = await h.call('extendVectorStores', {
    body: { filter: { source: 'primary' }, exceptStoreIds: [soon, later], policy },
  });
  expect(bare).toEqual({ extended: [], refused: [] });

  h.clock.advance(30 * DAY_MS);
  await runExpiry(h.services, { tenantId: h.services.tenantId });
  expect(await h.call('getVectorStore', { params: { id: soon } })).toMatchObject({ status: 'expired' });
  const tooShort = await h.call('extendVectorStores', { body: { storeIds: [soon], days: 10 } });
  expect(tooShort.refused).toMatchObject([{ id: soon, code: 'expiry_in_past' }]);
  const expired = await h.call('extendVectorStores', {
    body: { filter: { expiring: 'expired', source: 'primary' }, days: 11 },
  });
  expect(expired.extended).toMatchObject([{ id: soon, wasExpired: true, expiresAt: START_S + 31 * DAY_S }]);
  expect(await h.call('getVectorStore', { params: { id: soon } })).toMatchObject({
    status: 'completed',
    expiryState: 'soon',
    lastActiveAt: START_S,
  });
});

it('a bulk extend without stores or without a policy is rejected', async () => {
  const h = await open();
  for (const body of [
    {},
    { storeIds: ['vs_a'] },
    { days: 3 },
    { storeIds: ['vs_a'], filter: {}, days: 3 },
    { storeIds: ['vs_a'], exceptStoreIds: ['vs_a'], days: 3 },
  ]) {
    const error = await refusal(h.call('extendVectorStores', { body }));
    expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
  }
});

it('the expiry lists have expiring and expired stores of both sources, by time and in counts', async () => {
  const h = await open({ ESPEJO_EXPIRY_WARN_DAYS: '5' });
  const own3 = await own(h, 'In 3 days', { kind: 'after_last_active', days: 3 });
  const own6 = await own(h, 'In 6 days', { kind: 'after_last_active', days: 6 });
  const own1 = await own(h, 'In 1 minute', { kind: 'after_creation', durationS: 60 });
  await own(h, 'Never', null);
  await h.mirror([
    { id: 'vs_in_4', expiresAt: START_S + 4 * DAY_S },
    { id: 'vs_overdue', expiresAt: START_S - DAY_S },
    { id: 'vs_expired', expiresAt: START_S - DAY_S, status: 'expired' },
    { id: 'vs_never' },
  ]);
  // Expired, and the job has not run since.
  h.clock.advance(60_000);
  const list = async (query: { expiring: 'soon' | 'expired'; expiringDays?: number; source?: 'primary' | 'cache' }) => {
    const { data, total } = await h.call('listVectorStores', {
      query: { ...query, sort: 'expiresAt', order: 'asc', limit: 2 },
    });
    const second = await h.call('listVectorStores', { query: { ...query, sort: 'name', order: 'asc' } });
    expect(second.data.map((row) => row.id).sort()).toEqual(expect.arrayContaining(data.map((row) => row.id)));
    expect(second.total).toBe(total);
    return second.data.map((row) => row.id).sort();
  };
  expect(await list({ expiring: 'soon' })).toEqual([own3, 'vs_in_4', 'vs_overdue'].sort());
  expect(await list({ expiring: 'soon', expiringDays: 6 })).toEqual([own3, own6, 'vs_in_4', 'vs_overdue'].sort());
  expect(await list({ expiring: 'soon', source: 'cache' })).toEqual(['vs_in_4', 'vs_overdue']);
  expect(await list({ expiring: 'expired' })).toEqual([own1, 'vs_expired'].sort());
  const facets = await h.call('getVectorStoreFacets', { query: { expiring: 'soon' } });
  expect(facets.source).toEqual({ primary: 1, cache: 2 });
});

it('a deletion plan has the stores that had expired when it was made, whatever expires until the start', async () => {
  const h = await open();
  const first = await own(h, 'First', { kind: 'after_creation', durationS: 60 });
  const second = await own(h, 'Second', { kind: 'after_creation', durationS: 120 });
  h.clock.advance(60_000);
  const plan = await h.call('planDeletion', { body: { filter: { expiring: 'expired' } } });
  expect(plan.stores.map((store) => store.id)).toEqual([first]);
  h.clock.advance(60_000);
  await h.call('startDeletion', { body: { planHash: plan.planHash } });
  await h.services.deletionWorkers.idle();
  const status = async (id: string) => (await h.call('getVectorStore', { params: { id } })).status;
  expect([await status(first), await status(second)]).toEqual(['trashed', 'completed']);
});

it('the expiry API returns its limits as configured', () => {
  expect({
    days: { min: 1, max: LIMITS.expiryDaysMax },
    durationS: { min: LIMITS.expiryDurationSMin, max: LIMITS.expiryDurationSMax },
    instantS: { min: 1, max: LIMITS.expiryInstantSMax },
    openaiStoreDays: { min: LIMITS.expiresAfterDaysMin, max: LIMITS.expiresAfterDaysMax },
    openaiFileS: { min: LIMITS.fileExpirySecondsMin, max: LIMITS.fileExpirySecondsMax },
  }).toEqual(EXPIRY_BOUNDS);
});
