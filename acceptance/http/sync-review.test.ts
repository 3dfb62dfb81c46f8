import type { SyncRun } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError } from '../support/http.ts';
import { ended, sync, syncOk } from '../support/sync.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;

const getRun = (id: string) => espejo.call('getSyncRun', { params: { id } });
const storeIds = async () =>
  (await espejo.call('listVectorStores', { query: { limit: 200, sort: 'name', order: 'asc' } })).data.map(
    (row) => row.id,
  );

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 24, filesPerStore: 3 });
  espejo = await startEspejo({
    env: {
      OPENAI_BASE_URL: sandbox.url,
      OPENAI_API_KEY: 'sk-any',
      ESPEJO_SYNC_ENABLED: 'false',
      ESPEJO_REMOVAL_GRACE_S: '0',
    },
  });
  await syncOk(espejo);
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

describe('the review of a sync run', () => {
  let review: SyncRun;
  let doomed: string[];

  beforeAll(async () => {
    doomed = (await storeIds()).slice(0, 9);
    for (const id of doomed) sandbox.state.deleteStore(id);
    review = await sync(espejo);
  });
  const approve = (id: string, planHash: string) =>
    espejo.request('POST', `/api/sync-runs/${id}/approve`, { json: { planHash } });

  it('stops a run that would remove too much and gives the reason', async () => {
    expect(review).toMatchObject({
      status: 'needs_review',
      plan: { reasons: [{ code: 'too_many_removals', kind: 'vector_stores', value: 9, limit: 5 }] },
    });
    expect(review.plan?.stores.removals.map((item) => item.id).sort()).toEqual(doomed.toSorted());
    expect(await storeIds()).toEqual(expect.arrayContaining(doomed));
    expect((await espejo.call('getStatus', {})).reviewRunIds).toEqual([review.id]);
    expect((await espejo.call('getConnection', { params: { id: 'default' } })).health.status).toBe('needs_review');
  });

  it('stays open over further runs, each with the same plan', async () => {
    const again = await sync(espejo);
    expect(again).toMatchObject({ status: 'needs_review', plan: { hash: review.plan?.hash } });
    review = again;
  });

  it('rejects a wrong hash, an older hash, and a run without a review', async () => {
    expectError(await approve(review.id, 'not-the-hash'), 409, 'stale_plan');
    expectError(await approve('run_none', 'x'), 404, 'sync_run_not_found');
    const finished = (await espejo.call('listSyncRuns', { query: { status: 'succeeded', limit: 1 } })).data[0];
    expectError(await approve(finished?.id ?? '', finished?.plan?.hash ?? ''), 409, 'sync_run_not_reviewable');
    const old = review.plan?.hash ?? '';
    const tenth = (await storeIds()).find((id) => !doomed.includes(id)) ?? '';
    sandbox.state.deleteStore(tenth);
    doomed.push(tenth);
    const moved = await sync(espejo);
    expect(moved.plan?.hash).not.toBe(old);
    expectError(await approve(review.id, old), 409, 'stale_plan');
    expectError(await approve(moved.id, old), 409, 'stale_plan');
    review = moved;
    expect(await storeIds()).toEqual(expect.arrayContaining(doomed));
  });

  it('removes exactly the listed items once its hash is approved', async () => {
    const before = await storeIds();
    const answer = await approve(review.id, review.plan?.hash ?? '');
    expect(answer.status).toBe(202);
    const run = await ended(espejo, (answer.json as { id: string }).id);
    expect(run).toMatchObject({ status: 'succeeded', trigger: 'approval' });
    // One of them was first missed by the reviewed run; removal waits for two complete listings of each.
    await syncOk(espejo);
    expect(await storeIds()).toEqual(before.filter((id) => !doomed.includes(id)));
    expect((await getRun(review.id)).approvedAt).not.toBeNull();
    expect((await espejo.call('getStatus', {})).reviewRunIds).toEqual([]);
  });

  it('does not carry its approval over to the next large loss', async () => {
    expectError(await approve(review.id, review.plan?.hash ?? ''), 409, 'stale_plan');
    for (const id of (await storeIds()).slice(0, 8)) sandbox.state.deleteStore(id);
    const next = await sync(espejo);
    expect(next.status).toBe('needs_review');
    expect(next.plan?.hash).not.toBe(review.plan?.hash);
  });
});
