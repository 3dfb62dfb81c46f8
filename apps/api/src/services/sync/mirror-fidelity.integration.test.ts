import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { createSyncHarness, HOUR_MS, TENANT_ID } from '../../testing/sync-harness.ts';

const HTML = '<script>alert("x")</script><b>&amp;</b>';
const NAMES = [
  null,
  '',
  'Twin',
  'Twin',
  '🧾🗂️ café',
  'مخزن المستندات',
  'n'.repeat(10_000),
  HTML,
  "'; drop table file;--",
];

describe('a mirror', () => {
  it('equals upstream in every field of every store, attachment and file', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 7, filesPerStore: 9, orphans: 3, sharedFraction: 0.3, failedFraction: 0.2 });
    const file = state.createFile({ filename: `${HTML} ملف 🧾.pdf`, content: 'text', expiresAfterSeconds: 7200 });
    const store = state.createStore({
      name: null,
      description: 'with "quotes" and \u0000 control characters',
      metadata: { team: 'a', ['__proto__']: 'b', ключ: 'значение' },
      expiresAfterDays: 3,
    });
    state.attach({
      storeId: store.id,
      fileId: file.id,
      attributes: { lang: 'es', year: 2026, share: 0.1, isDraft: false, empty: '' },
      chunking: { type: 'static', maxTokens: 300, overlapTokens: 20 },
    });

    const run = await h.sync();

    expect(run).toMatchObject({ status: 'succeeded', isComplete: true, error: null });
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.missing()).toEqual(NOTHING_MARKED);
    expect(h.sandbox.requests.writes).toBe(0);
  });

  it('row 20: has stores by id, whatever their names are', async () => {
    const h = await createSyncHarness();
    for (const name of NAMES) h.sandbox.state.createStore({ name, description: name });
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
    expect(Object.values(h.mirror().stores).map((store) => store.name)).toHaveLength(NAMES.length);
  });

  it('row 29: keeps an unknown status and unknown fields, raw, on every kind of row', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 2, filesPerStore: 2, sharedFraction: 0 });
    const region = { code: 'eu', zones: [1, null, { a: 'b' }] };
    h.sandbox.faults.add({ kind: 'set_field', field: 'status', value: 'hibernating' });
    h.sandbox.faults.add({ kind: 'set_field', field: 'region', value: region });

    const run = await h.sync();

    expect(run.status).toBe('succeeded');
    const mirror = h.mirror();
    for (const kind of ['stores', 'attachments', 'files'] as const) {
      const expected = Object.entries(h.upstream()[kind]).map(([id, row]) => [
        id,
        { ...row, status: 'hibernating', region },
      ]);
      expect(mirror[kind]).toEqual(Object.fromEntries(expected));
    }
  });
});

describe('row 19: changes made upstream between two runs', () => {
  it('are mirrored by id: names, metadata, policies, added and removed files', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 8, filesPerStore: 6, sharedFraction: 0 });
    await h.sync();

    const [renamed = '', reworded = '', filled = '', emptied = '', cleared = ''] = state.storeIds();
    state.updateStore(renamed, { name: 'Renamed' });
    state.updateStore(reworded, { metadata: { purpose: 'tests' }, expiresAfterDays: 300 });
    state.updateStore(cleared, { name: null, metadata: null, expiresAfterDays: null });
    const file = state.createFile({ filename: 'new.md' });
    state.attach({ storeId: filled, fileId: file.id });
    const [detached] = state.snapshot().attachments.get(emptied) ?? [];
    state.detach(emptied, detached?.id ?? '');

    const run = await h.sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      counters: { stores: { added: 0, changed: 5 }, attachments: { added: 1, missing: 1 }, files: { added: 1 } },
    });
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it('leave an event in the history of each store, with the old values', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 2 });
    await h.sync();
    const [storeId = ''] = h.sandbox.state.storeIds();
    const file = h.sandbox.state.createFile({ filename: 'new.md' });
    h.sandbox.state.updateStore(storeId, { name: 'After' });
    h.sandbox.state.attach({ storeId, fileId: file.id });
    const run = await h.sync();

    const { rows } = await h.db.read.syncChanges.listOfStore({
      tenantId: TENANT_ID,
      storeId,
      after: undefined,
      limit: 9,
    });
    expect(rows.map((row) => row.action)).toEqual(['changed', 'added']);
    expect(rows[0]).toMatchObject({ runId: run.id, filesAdded: 1, fileIds: { added: [file.id] } });
    expect(rows[0]?.fields).toContainEqual({ field: 'name', before: 'Store 00001', after: 'After' });
  });

  it('are found by the rolling re-list when they move no fingerprint: attribute edits and equal-size swaps', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 4, filesPerStore: 3, sharedFraction: 0 });
    await h.sync();
    const [storeId = ''] = state.storeIds();
    const [edited] = state.snapshot().attachments.get(storeId) ?? [];
    state.updateAttributes(storeId, edited?.id ?? '', { lang: 'fr' });

    await h.sync();
    expect(h.mirror().attachments, 'upstream gives no sign of it').not.toEqual(h.upstream().attachments);
    h.clock.advance(24 * HOUR_MS);
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('are found at once by a full run', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 4, filesPerStore: 3, sharedFraction: 0 });
    await h.sync();
    const [storeId = ''] = state.storeIds();
    const [edited] = state.snapshot().attachments.get(storeId) ?? [];
    state.updateAttributes(storeId, edited?.id ?? '', { lang: 'fr' });
    await h.sync({ isFull: true });
    expect(h.mirror()).toEqual(h.upstream());
  });
});
