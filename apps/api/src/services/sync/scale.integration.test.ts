import { asSystem } from '@espejo/core';
import { createFakeUpstream, storeSnapshot } from '@espejo/upstream/testing';
import { describe, expect, it } from 'vitest';
import { createSyncHarness } from '../../testing/sync-harness.ts';

describe('row 21: a store of 10,000 files', () => {
  it('is written while it is listed, in exactly its hundred pages, and a change of one file is one row', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 1, filesPerStore: 10_000, sharedFraction: 0 });
    const [storeId = ''] = h.sandbox.state.storeIds();
    let pages = 0;
    let heldOnPage90 = 0;
    const stop = h.sandbox.onRequest(({ path }) => {
      if (path !== `/vector_stores/${storeId}/files`) return;
      pages += 1;
      if (pages === 90) heldOnPage90 = Object.keys(h.mirror().attachments).length;
    });
    const run = await h.sync();
    stop();
    expect(run).toMatchObject({
      status: 'succeeded',
      requests: 1 + 100 + 1,
      counters: { attachments: { added: 10_000 } },
    });
    // Memory holds only what is not written yet: a part of the listing, however long it is.
    expect(heldOnPage90).toBeGreaterThanOrEqual(2_500);
    expect(h.mirror()).toEqual(h.upstream());

    const [first] = h.sandbox.state.snapshot().attachments.get(storeId) ?? [];
    h.sandbox.state.updateAttributes(storeId, first?.id ?? '', { lang: 'fr' });
    expect(await h.sync({ isFull: true })).toMatchObject({
      counters: { attachments: { seen: 10_000, added: 0, changed: 1 } },
    });
  });
});

describe('row 22: fifty tenants of a hundred stores', () => {
  it('are not delayed by one slow key or one that fails', async () => {
    const h = await createSyncHarness();
    const tenants = Array.from({ length: 50 }, (_, n) => ({ tenantId: `tenant-${n}`, id: `conn-${n}`, n }));
    const slow = Promise.withResolvers<void>();
    for (const { tenantId, id } of tenants) await h.addConnection({ tenantId, id });
    h.useUpstreamOf(({ id }) => {
      const n = Number(id.split('-')[1]);
      const upstream = createFakeUpstream({
        stores: Array.from({ length: 100 }, (_, s) => storeSnapshot({ id: `vs_${n}_${s}` })),
        onCall: () => (n === 7 ? slow.promise : undefined),
      });
      if (n === 13) upstream.failOn({}, 'unauthorized', 99);
      return upstream;
    });

    const runs = await Promise.all(
      tenants.map(async ({ tenantId, id }) => ({
        tenantId,
        runId: await h.start({ by: asSystem(tenantId, 'tester'), connectionId: id }),
      })),
    );
    const ends = await Promise.all(
      runs.filter((_, n) => n !== 7).map(({ tenantId, runId }) => h.finish(runId, tenantId)),
    );

    expect(ends.filter((run) => run.status === 'succeeded')).toHaveLength(48);
    expect(ends.filter((run) => run.status === 'failed')).toMatchObject([{ connectionId: 'conn-13' }]);
    const slowRun = runs[7];
    expect(h.deps.active.has(slowRun?.runId ?? '')).toBe(true);
    slow.resolve();
    expect((await h.finish(slowRun?.runId ?? '', 'tenant-7')).status).toBe('succeeded');
    for (const { id, n } of tenants) {
      const held = Object.keys(h.mirror(id).stores);
      expect(held).toHaveLength(n === 13 ? 0 : 100);
      expect(held.every((storeId) => storeId.startsWith(`vs_${n}_`))).toBe(true);
    }
  });

  it('keep stores with the same id apart', async () => {
    const h = await createSyncHarness();
    const names = { a: 'Ours', b: 'Theirs' };
    for (const key of ['a', 'b'] as const) await h.addConnection({ tenantId: `tenant-${key}2`, id: `conn-${key}2` });
    h.useUpstreamOf(({ id }) =>
      createFakeUpstream({ stores: [storeSnapshot({ id: 'vs_same', name: id.includes('a') ? names.a : names.b })] }),
    );
    for (const key of ['a', 'b'] as const) {
      expect((await h.sync({ by: asSystem(`tenant-${key}2`, 'tester'), connectionId: `conn-${key}2` })).status).toBe(
        'succeeded',
      );
    }
    for (const key of ['a', 'b'] as const) expect(h.mirror(`conn-${key}2`).stores.vs_same?.name).toBe(names[key]);
  });
});
