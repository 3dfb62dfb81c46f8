import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import {
  createSyncHarness,
  GRACE_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type SyncHarness,
  TENANT_ID,
} from '../../testing/sync-harness.ts';
import { listFiles } from '../files/list-files.ts';

const DAY_MS = 24 * HOUR_MS;

/** A use of a store by another client. */
async function search(h: SyncHarness, storeId: string): Promise<void> {
  const answer = await fetch(`${h.sandbox.url}/vector_stores/${storeId}/search`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-somebody', 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'anything' }),
  });
  expect(answer.status).toBe(200);
}

const orphanIds = async (h: SyncHarness) => {
  const page = await listFiles(
    { ...h.deps, orphanGraceS: GRACE_MS / 1000 },
    { tenantId: TENANT_ID, query: { orphan: true, limit: 200, sort: 'createdAt', order: 'asc' } },
  );
  return page.data.map((file) => file.id);
};

describe('row 15: a clock', () => {
  it.each([
    ['a day ahead of', DAY_MS],
    ['a day behind', -DAY_MS],
  ])(
    'that is %s upstream changes nothing in the mirror, and nothing expires or is removed early',
    async (_, skewMs) => {
      const h = await createSyncHarness();
      const { state } = h.sandbox;
      const { id } = state.createStore({ name: 'Expires tomorrow', expiresAfterDays: 1 });
      const doomed = state.createStore({ name: 'Doomed' }).id;
      state.createFile({ filename: 'expires.md', expiresAfterSeconds: 3600 });
      h.clock.skew(skewMs);
      await h.sync();
      h.clock.advance(DAY_MS - MINUTE_MS);
      await h.sync({ trigger: 'manual' });
      expect(h.mirror().stores[id]).toMatchObject({
        status: 'completed',
        expires_at: (state.project.stores.get(id)?.createdAt ?? 0) + 86_400,
      });
      expect(h.mirror().stores).toEqual(h.upstream().stores);

      state.deleteStore(doomed);
      await h.sync();
      h.clock.advance(GRACE_MS - MINUTE_MS);
      await h.sync();
      expect(h.missing().stores, 'its own clock measures the grace period').toEqual([doomed]);
      h.clock.advance(MINUTE_MS);
      await h.sync();
      expect(h.mirror().stores).toEqual(h.upstream().stores);
    },
  );

  it('set back by a day between two runs makes the next run list everything at once, and only once', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 10, filesPerStore: 1, sharedFraction: 0 });
    await h.sync();
    await h.sync();
    h.clock.skew(-DAY_MS);
    h.sandbox.requests.clear();
    expect((await h.sync()).status).toBe('succeeded');
    const everything = { 'GET /vector_stores': 1, 'GET /vector_stores/*/files': 10, 'GET /files': 1 };
    expect(h.sandbox.requests.byRoute).toEqual(everything);
    h.sandbox.requests.clear();
    await h.sync();
    expect(h.sandbox.requests.byRoute).toEqual({ 'GET /vector_stores': 1 });
  });

  it('set back by a day while something is missing delays its removal, and prevents an early one', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 10, filesPerStore: 1, sharedFraction: 0 });
    await h.sync();
    const doomed = state.storeIds()[0] ?? '';
    state.deleteStore(doomed);
    await h.sync();
    h.clock.skew(-DAY_MS);
    for (let run = 0; run < 3; run += 1) {
      expect(await h.sync()).toMatchObject({ status: 'succeeded', counters: { stores: { removed: 0 } } });
      expect(h.missing().stores).toEqual([doomed]);
    }
    h.clock.advance(DAY_MS + MINUTE_MS);
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('set forward by a day within a run removes nothing that the run has just marked', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 10, filesPerStore: 1 });
    await h.sync();
    state.deleteStore(state.storeIds()[0] ?? '');
    const stop = h.sandbox.onRequest(({ path }) => {
      if (path === '/files') h.clock.skew(DAY_MS);
    });
    expect(await h.sync({ trigger: 'manual' })).toMatchObject({
      status: 'succeeded',
      counters: { stores: { missing: 1, removed: 0 } },
    });
    stop();
  });

  it('set back within a run removes nothing either', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 10, filesPerStore: 1, orphans: 2, sharedFraction: 0 });
    await h.sync();
    const [emptied = '', doomed = ''] = state.storeIds();
    state.deleteStore(doomed);
    state.detach(emptied, state.snapshot().attachments.get(emptied)?.[0]?.id ?? '');
    state.deleteFile(state.fileIds().at(-1) ?? '');
    const stop = h.sandbox.onRequest(() => h.clock.skew(-DAY_MS));
    const run = await h.sync({ trigger: 'manual' });
    stop();
    expect(run.counters).toMatchObject({ stores: { removed: 0 }, attachments: { removed: 0 }, files: { removed: 0 } });
  });
});

describe('row 16: a store that expires upstream', () => {
  it('is shown as expired while listed; its files become orphans after the grace period, and it is removed when gone', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 5, filesPerStore: 4, sharedFraction: 0 });
    const fileIds = [1, 2, 3].map((n) => state.createFile({ filename: `${n}.md` }).id);
    const { id } = state.createStore({ expiresAfterDays: 2, fileIds });
    await h.sync();
    expect(h.mirror().stores[id]).toMatchObject({ status: 'completed' });
    expect(await orphanIds(h)).toEqual([]);

    h.clock.advance(2 * DAY_MS + SECOND_MS);
    await h.sync();
    expect(h.mirror().stores[id]).toMatchObject({ status: 'expired', file_counts: { total: 0 } });
    expect(h.missing()).toEqual({ ...NOTHING_MARKED, attachments: fileIds.map((fileId) => `${id}/${fileId}`).sort() });
    h.clock.advance(GRACE_MS);
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
    expect((await orphanIds(h)).sort()).toEqual([...fileIds].sort());

    state.deleteStore(id);
    await h.sync();
    h.clock.advance(GRACE_MS);
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('is removed like any other missing item, as is an expired file', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    h.sandbox.seed({ stores: 1 });
    const file = h.sandbox.state.createFile({ filename: 'short.md', expiresAfterSeconds: 3600 });
    await h.sync();
    expect(h.mirror().files[file.id]).toMatchObject({ expires_at: file.createdAt + 3600 });
    h.clock.advance(HOUR_MS + SECOND_MS);
    await h.sync();
    expect(h.missing().files).toEqual([file.id]);
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });
});

describe('row 17: a use of a store upstream', () => {
  it('moves its expiry, which the mirror follows with the next sync without expiring on its own', async () => {
    const h = await createSyncHarness();
    const { id, createdAt } = h.sandbox.state.createStore({ expiresAfterDays: 1 });
    await h.sync();
    h.clock.advance(20 * HOUR_MS);
    await search(h, id);
    h.clock.advance(6 * HOUR_MS);
    // Past the expiry that the mirror has stored: it is out of date, and does not decide itself.
    expect(h.mirror().stores[id]).toMatchObject({ status: 'completed', expires_at: createdAt + 86_400 });
    await h.sync();
    expect(h.mirror().stores[id]).toMatchObject({ status: 'completed', last_active_at: createdAt + 1 + 20 * 3600 });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('is not made by a sync: no number of runs keeps a store alive', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    const fileId = state.createFile({ filename: 'a.md' }).id;
    const { id } = state.createStore({ expiresAfterDays: 1, fileIds: [fileId] });
    await h.sync();
    const before = h.mirror().stores[id]?.last_active_at;
    for (let run = 0; run < 5; run += 1) {
      h.clock.advance(5 * HOUR_MS);
      await h.sync({ isFull: true });
      expect(h.upstream().stores[id]?.last_active_at).toBe(before);
    }
    expect(h.mirror().stores[id]?.status).toBe('expired');
  });
});
