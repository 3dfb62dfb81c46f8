import { describe, expect, it } from 'vitest';
import { CONNECTION_ID, MINUTE_MS, TENANT_ID } from '../../testing/sync-harness.ts';
import { type ThreeStores, threeStores } from '../../testing/three-stores.ts';
import { getVectorStore } from '../vector-stores/get-vector-store.ts';
import { readDeletionRequest } from './plan/rest-of-deletion.ts';

const EXPIRY = { warnAheadS: 0, expiredRetentionMs: 0, trashRetentionMs: 0 };
const NOTHING_NAMED = { storeIds: [], fileIds: [], attachments: [], orphans: false, files: 'delete' } as const;

/** A deletion of store `a` that is cancelled while its first file is being detached. */
async function cancelledDeletion(): Promise<ThreeStores & { id: string }> {
  const three = await threeStores({ connection: { concurrency: 1 } });
  const { h, a } = three;
  h.clock.advance(MINUTE_MS);
  const { planHash } = await h.plan({ storeIds: [a] });
  const pause = h.pauseRequest('DELETE', /./);
  const id = await h.start(planHash);
  await pause.reached;
  await h.cancel(id);
  pause.release();
  await h.deps.deletionWorkers.idle();
  return { ...three, id };
}

const storeOf = ({ h }: ThreeStores, id: string) =>
  getVectorStore({ db: h.deps.db, clock: h.clock, expiry: EXPIRY }, { tenantId: TENANT_ID, id });

const restOf = ({ h }: ThreeStores, id: string) =>
  readDeletionRequest({ db: h.deps.db, clock: h.clock, expiry: EXPIRY }, TENANT_ID, {
    ...NOTHING_NAMED,
    storeIds: [],
    fileIds: [],
    attachments: [],
    restOf: id,
  });

describe('a cancelled deletion', () => {
  it('shows what is done apart from what was planned, and the store it left', async () => {
    const three = await cancelledDeletion();
    const deletion = await three.h.get(three.id);
    expect(deletion).toMatchObject({
      status: 'cancelled',
      counts: { stores: 1, filesToDelete: 1, filesKept: 1, attachmentsToDetach: 2 },
      done: { stores: 0, filesDeleted: 0, attachmentsDetached: 1, usageBytes: 0 },
      storesLeft: [{ id: three.a, name: 'A', fileCount: 1 }],
    });
  });

  it('is told on the page of the store until a sync has listed the store again', async () => {
    const three = await cancelledDeletion();
    expect((await storeOf(three, three.a)).unfinishedDeletion).toMatchObject({
      id: three.id,
      status: 'cancelled',
      detachedCount: 1,
    });
    expect((await storeOf(three, three.b)).unfinishedDeletion, 'a store outside the plan').toBeNull();
    three.h.clock.advance(MINUTE_MS);
    await three.h.sync({ connectionId: CONNECTION_ID });
    expect((await storeOf(three, three.a)).unfinishedDeletion).toBeNull();
  });

  it('has its rest planned and deleted by a new deletion', async () => {
    const three = await cancelledDeletion();
    const { h, a, b, one, two } = three;
    const done = await h.carryOut(await restOf(three, three.id));
    expect(done).toMatchObject({ status: 'succeeded', done: { stores: 1, filesDeleted: 1 }, storesLeft: [] });
    expect(Object.keys(h.upstream().stores).sort()).toEqual([b, three.c].sort());
    expect(Object.keys(h.upstream().files)).not.toContain(one);
    expect(Object.keys(h.upstream().files), 'a shared file survives').toContain(two);
    expect(await h.deps.db.read.vectorStores.find(TENANT_ID, a)).toBeUndefined();
  });

  it('is the only kind of deletion that has a rest', async () => {
    const three = await threeStores();
    const done = await three.h.carryOut({ storeIds: [three.a] });
    await expect(restOf(three, done.id)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(restOf(three, 'del_none')).rejects.toMatchObject({ code: 'deletion_not_found' });
  });
});
