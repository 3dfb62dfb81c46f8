import { describe, expect, it } from 'vitest';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';

const START_MS = Date.UTC(2026, 0, 15, 9);
const MINUTE_MS = 60_000;

async function create(h: ApiHarness, name: string) {
  return h.call('createVectorStore', { body: { name, description: 'Words', metadata: { team: 'a' } } });
}

async function discard(h: ApiHarness, storeId: string) {
  const plan = await h.call('planDeletion', { body: { storeIds: [storeId] } });
  const { id } = await h.call('startDeletion', { body: { planHash: plan.planHash } });
  await h.services.deletionWorkers.idle();
  return { plan, deletion: await h.call('getDeletion', { params: { id } }) };
}

const listed = async (h: ApiHarness, status?: string) =>
  (await h.call('listVectorStores', { query: { status } })).data.map((row) => row.name).sort();

describe('the trash of primary stores', () => {
  it('hides a deleted store without losing it, and sends nothing upstream', async () => {
    const h = await createApiHarness(START_MS);
    const a = await create(h, 'A');
    await create(h, 'B');
    const { plan, deletion } = await discard(h, a.id);
    expect(plan).toMatchObject({
      severity: 'low',
      isUndoable: true,
      requestsNeeded: 0,
      savings: { perMonth: 0 },
      stores: [{ id: a.id, source: 'primary', connectionId: null }],
      consequences: ['1 primary store moves to the trash and can be restored until purged.'],
      warnings: [],
    });
    expect(deletion).toMatchObject({ status: 'succeeded', title: 'Delete store A', steps: { total: 1, done: 1 } });
    expect(await listed(h)).toEqual(['B']);
    expect(await listed(h, 'trashed')).toEqual(['A']);
    expect((await h.call('getVectorStoreFacets', { query: {} })).status).toEqual({ completed: 1 });
  });

  it('restores a store as it was, once', async () => {
    const h = await createApiHarness(START_MS);
    const before = await create(h, 'A');
    h.clock.advance(MINUTE_MS);
    await discard(h, before.id);
    const restored = await h.call('restoreVectorStore', { params: { id: before.id } });
    expect(restored).toEqual(before);
    expect(await listed(h)).toEqual(['A']);
    await expect(h.call('restoreVectorStore', { params: { id: before.id } })).rejects.toMatchObject({
      status: 409,
      code: 'vector_store_not_in_trash',
    });
    await expect(h.call('restoreVectorStore', { params: { id: 'vs_none' } })).rejects.toMatchObject({
      status: 404,
      code: 'vector_store_not_found',
    });
    expect(h.audit().map((row) => row.action)).toEqual(
      expect.arrayContaining(['deletion.requested', 'deletion.succeeded', 'vector_store.restored']),
    );
  });

  it('keeps the date of a store that is in the trash already, and the ledger says so', async () => {
    const h = await createApiHarness(START_MS);
    const a = await create(h, 'A');
    await discard(h, a.id);
    h.clock.advance(29 * 86_400_000);
    const { plan, deletion } = await discard(h, a.id);
    expect(plan.consequences).toEqual(['1 store is in the trash already and stays there until purged.']);
    const { data } = await h.call('listDeletionSteps', { params: { id: deletion.id } });
    expect(data).toMatchObject([{ state: 'done', reason: expect.stringMatching(/^It was in the trash already/) }]);
    const { db, tenantId } = h.services;
    expect(await db.read.trash.listTrashedBefore(tenantId, START_MS, 10)).toEqual([a.id]);
  });

  it('plans nothing when a mirror beside the store cannot be read, and never holds a mirror', async () => {
    const h = await createApiHarness(START_MS);
    const a = await create(h, 'A');
    await h.mirror([{ id: 'vs_mirror', name: 'Mirror' }]);
    // No server listens there: the live attachments cannot be read, so nothing is planned.
    await expect(h.call('planDeletion', { body: { storeIds: [a.id, 'vs_mirror'] } })).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
    expect(await listed(h)).toEqual(['A', 'Mirror']);
    await expect(h.call('restoreVectorStore', { params: { id: 'vs_mirror' } })).rejects.toMatchObject({
      code: 'vector_store_not_in_trash',
    });
  });
});
