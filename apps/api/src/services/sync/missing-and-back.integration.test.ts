import { createFakeUpstream, storeSnapshot } from '@espejo/upstream/testing';
import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { createSyncHarness, GRACE_MS } from '../../testing/sync-harness.ts';

describe('rule 4: an item that comes back', () => {
  const row = storeSnapshot({ id: 'vs_blinks', name: 'Blinks' });
  const others = Array.from({ length: 5 }, (_, n) => storeSnapshot({ id: `vs_stays_${n}` }));

  it('restarts its count after absent, present, absent', async () => {
    const upstream = createFakeUpstream({ stores: [row, ...others] });
    const h = await createSyncHarness({ upstream });
    await h.sync();
    upstream.world.removeStore(row.id);
    await h.sync();
    h.clock.advance(GRACE_MS);
    upstream.world.putStore(row);
    expect(await h.sync()).toMatchObject({ counters: { stores: { returned: 1 } } });
    expect(h.missing()).toEqual(NOTHING_MARKED);

    upstream.world.removeStore(row.id);
    await h.sync();
    await h.sync();
    expect(h.missing().stores).toEqual([row.id]);
    h.clock.advance(GRACE_MS);
    expect(await h.sync()).toMatchObject({ counters: { stores: { removed: 1 } } });
    expect(h.mirror().stores[row.id]).toBeUndefined();
  });

  it('stays when it answers to its id although the listing skips it, and restarts its count', async () => {
    const upstream = createFakeUpstream({
      stores: [row, ...others],
      onCall: ({ operation }) => {
        if (operation === 'listVectorStores') upstream.world.removeStore(row.id);
        if (operation === 'probeVectorStore') upstream.world.putStore(row);
      },
    });
    const h = await createSyncHarness({ upstream: createFakeUpstream({ stores: [row, ...others] }) });
    await h.sync();
    h.useUpstream(upstream);

    await h.sync();
    expect(h.missing().stores).toEqual([row.id]);
    h.clock.advance(GRACE_MS);
    expect(await h.sync()).toMatchObject({ status: 'succeeded', counters: { stores: { removed: 0, returned: 1 } } });
    expect(h.missing()).toEqual(NOTHING_MARKED);
    const probesBefore = upstream.calls.filter((call) => call.operation === 'probeVectorStore').length;
    await h.sync();
    await h.sync();
    expect(upstream.calls.filter((call) => call.operation === 'probeVectorStore')).toHaveLength(probesBefore);
    expect(h.missing().stores).toEqual([row.id]);
  });
});
