import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { ACTOR, createPrimaryHarness, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { addMirror, addStore } from '../../testing/primary-verbs.ts';
import { allow } from '../../testing/quotas.ts';
import { updateGuardrails } from '../limits/guardrail-settings.ts';
import { restoreVectorStore } from '../vector-stores/restore-vector-store.ts';
import { updateVectorStore } from '../vector-stores/update-vector-store.ts';
import { ensureDefaultStore, getDefaultStore, putDefaultStore } from './default-store.ts';

const by = asSystem(TENANT, ACTOR);
const ensure = async (h: PrimaryHarness) => (await ensureDefaultStore(h.deps, { by })).id;
const present = async (h: PrimaryHarness) => (await getDefaultStore(h.deps, { tenantId: TENANT })).storeId;
const trash = (h: PrimaryHarness, id: string) =>
  h.db.transaction((tx) => tx.trash.put(TENANT, id, h.deps.clock.nowMs()));

describe('the default store', () => {
  it.each([
    ['while there is room for more', null],
    // The second caller gets the first one's store instead of a limit error.
    ['while there is room for one', 1],
  ])('is created once on first use, however many requests come at once, %s', async (_, storesMax) => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { storesMax });
    expect(await present(h)).toBeNull();
    const ids = await Promise.all(Array.from({ length: 50 }, () => ensure(h)));
    expect(new Set(ids)).toEqual(new Set([await present(h)]));
    expect(await h.db.read.primaryStores.count(TENANT)).toBe(1);
    expect(await ensureDefaultStore(h.deps, { by })).toMatchObject({ name: 'Default', source: 'primary' });
  });

  it('is never a store in the trash, and another one is created then', async () => {
    const h = await createPrimaryHarness();
    const first = await ensure(h);
    await trash(h, first);
    expect(await present(h)).toBeNull();
    const second = await ensure(h);
    expect(second).not.toBe(first);
    await restoreVectorStore(h.deps, { by, id: first });
    expect(await ensure(h), 'a restored store is not the default any more').toBe(second);
  });

  it('is never an expired store, also where names must be unique', async () => {
    const h = await createPrimaryHarness();
    await updateGuardrails(h.deps, { by, change: { duplicateStoreNames: 'refuse' } });
    const first = await ensure(h);
    await updateVectorStore(h.deps, {
      by,
      id: first,
      edit: { expiryPolicy: { kind: 'after_creation', durationS: 3_600 } },
    });
    h.advance(3_600_000);
    expect(await present(h)).toBeNull();
    expect(await ensureDefaultStore(h.deps, { by })).toMatchObject({ name: 'Default 2026-01-15' });
    expect(await present(h)).not.toBe(first);
  });

  it('is absent after its deletion, until it is needed again', async () => {
    const h = await createPrimaryHarness();
    const first = await ensure(h);
    await trash(h, first);
    await h.db.transaction((tx) => tx.trash.purge(TENANT, first, 'trashed', h.deps.clock.nowMs()));
    expect(await present(h)).toBeNull();
    expect(await ensure(h)).toBe(await present(h));
  });

  it('can be any primary store that is served, and no mirror; each choice is audited once', async () => {
    const h = await createPrimaryHarness();
    const first = await ensure(h);
    const other = await addStore(h, 'other');
    const put = (storeId: string) => putDefaultStore(h.deps, { by, storeId });
    expect(await put(other)).toEqual({ storeId: other });
    await put(other);
    expect(await ensure(h)).toBe(other);
    const { storeId: mirrorId } = await addMirror(h);
    await expect(put(mirrorId)).rejects.toMatchObject({ code: 'vector_store_read_only' });
    await expect(put('vs_none')).rejects.toMatchObject({ code: 'vector_store_not_found' });
    await trash(h, first);
    await expect(put(first)).rejects.toMatchObject({ code: 'vector_store_trashed' });
    expect(await present(h)).toBe(other);
    const filter = { tenantId: TENANT, text: undefined, actor: undefined, kind: 'default_store' };
    expect((await h.db.read.audit.list(filter, null, 10)).map(({ subject, detail }) => [subject, detail])).toEqual([
      [other, { before: first, after: other }],
      [first, { before: null, after: first }],
    ]);
  });

  it('is not created beyond the limits', async () => {
    const h = await createPrimaryHarness();
    await allow(h.deps, TENANT, { storesMax: 0 });
    await expect(ensure(h)).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(await present(h)).toBeNull();
  });
});
