import { expect, it } from 'vitest';
import { createDeletionHarness } from '../../testing/deletion-harness.ts';
import { HOUR_MS, MINUTE_MS } from '../../testing/sync-harness.ts';

const STORES = 1000;
const CONCURRENCY = 8;

it('row 27: a deletion of a thousand stores deletes 997, lists three with their reason, and retries only those', async () => {
  const h = await createDeletionHarness({ connection: { concurrency: CONCURRENCY } });
  h.sandbox.seed({ stores: STORES, filesPerStore: 1, sharedFraction: 0.1, spanDays: 30 });
  h.clock.advance(2 * HOUR_MS);
  await h.sync();
  const storeIds = [...h.sandbox.state.storeIds()];
  const files = h.sandbox.state.fileIds().length;
  const bad = [storeIds[3], storeIds[500], storeIds[998]].map((id) => id ?? '');
  for (const id of bad) h.sandbox.faults.add({ kind: 'not_deleted', method: 'DELETE', path: `/vector_stores/${id}` });

  const plan = await h.plan({ storeIds, files: 'keep' });
  expect(plan.counts).toMatchObject({ stores: STORES, filesToDelete: 0, filesKept: files });
  expect(plan.stores, 'the first of them are shown').toHaveLength(200);
  h.takeRequests();
  const id = await h.start(plan.planHash);
  // No client watches: no stream is open, no page polls.
  await h.deps.deletionWorkers.idle();

  const deletion = await h.get(id);
  expect(deletion).toMatchObject({ status: 'parked', steps: { total: STORES, done: 997, parked: 3, pending: 0 } });
  const parked = await h.steps(id, 'parked');
  expect(parked.map((step) => step.storeId).sort()).toEqual(bad.toSorted());
  for (const step of parked) expect(step.reason).toMatch(/still there/);
  expect(h.sandbox.requests.peakInFlight).toBeLessThanOrEqual(CONCURRENCY);
  expect(Object.keys(h.upstream().stores).sort()).toEqual(bad.toSorted());

  h.sandbox.faults.clear();
  h.sandbox.requests.clear();
  await h.retry(id);
  await h.deps.deletionWorkers.idle();
  expect(await h.get(id)).toMatchObject({ status: 'succeeded', steps: { done: STORES } });
  expect(h.sandbox.requests.total).toBe(6);
  expect(h.upstream()).toMatchObject({ stores: {}, attachments: {} });
  expect(h.sandbox.state.fileIds()).toHaveLength(files);
  expect(h.mirror()).toEqual(h.upstream());
  h.clock.advance(MINUTE_MS);
  expect(await h.sync()).toMatchObject({ status: 'succeeded', counters: { stores: { missing: 0 } } });
});

it('a deletion sends exactly the requests that the rules need', async () => {
  const h = await createDeletionHarness({ connection: { concurrency: CONCURRENCY } });
  h.sandbox.seed({ stores: 60, filesPerStore: 5, sharedFraction: 0.2, spanDays: 30 });
  h.clock.advance(2 * HOUR_MS);
  await h.sync();
  h.takeRequests();
  const plan = await h.plan({ storeIds: h.sandbox.state.storeIds().slice(0, 50) });
  const { filesToDelete, attachmentsToDetach } = plan.counts;
  const planned = h.takeRequests();
  const id = await h.start(plan.planHash);
  await h.deps.deletionWorkers.idle();
  expect((await h.get(id)).status).toBe('succeeded');
  const sent = h.takeRequests();
  const acts = Object.fromEntries(Object.entries(sent).map(([route, count]) => [route, count - (planned[route] ?? 0)]));
  expect(acts).toEqual({
    'GET /vector_stores': 0,
    'GET /files': 0,
    'GET /containers': 0,
    'GET /assistants': 0,
    'DELETE /vector_stores/*/files/*': attachmentsToDetach,
    'DELETE /files/*': filesToDelete,
    'GET /files/*': filesToDelete,
    'GET /vector_stores/*/files': 50,
    'DELETE /vector_stores/*': 50,
    'GET /vector_stores/*': 50,
  });
  expect(Object.values(acts).reduce((sum, count) => sum + count, 0)).toBe(plan.requestsNeeded);
});
