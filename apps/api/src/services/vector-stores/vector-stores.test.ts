import type { ListVectorStoresQuery } from '@espejo/contracts';
import { asSystem, type StoreSnapshot, storeFingerprint } from '@espejo/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ApiHarness, createApiHarness, NOW_MS, NOW_S, TENANT } from '../../testing/api-harness.ts';
import { createConnection } from '../connections/create-connection.ts';
import { describeVectorStore, getVectorStore } from './get-vector-store.ts';
import { listStoreFiles } from './list-store-files.ts';
import { listStoreHistory } from './list-store-history.ts';
import { countVectorStoreFacets, listVectorStores } from './list-vector-stores.ts';
import { updateVectorStore } from './update-vector-store.ts';

const QUERY: ListVectorStoresQuery = { limit: 50, sort: 'name', order: 'asc' };
const DAY_S = 86_400;

let harness: ApiHarness;
let connectionId: string;

beforeEach(async () => {
  harness = await createApiHarness();
  const input = {
    by: asSystem(TENANT, 'tester'),
    name: 'Prod',
    baseUrl: 'http://host/v1',
    apiKey: 'k',
    organization: null,
    project: null,
    isSyncEnabled: false,
  };
  connectionId = (await createConnection(harness.deps, input)).id;
  await harness.db.transaction(async (tx) => {
    await tx.vectorStores.insertPrimary({
      tenantId: TENANT,
      id: 'vs_ours',
      name: 'Ours',
      createdAtS: NOW_S - DAY_S,
      nowMs: NOW_MS,
    });
    await tx.mirrorPermits.grant(TENANT, connectionId);
    await tx.mirrorStores.upsert(TENANT, connectionId, [mirrored('vs_theirs', { name: 'Theirs' })], NOW_MS);
    await tx.mirrorPermits.revoke();
  });
});

function mirrored(id: string, more: Partial<StoreSnapshot> = {}) {
  const snapshot: StoreSnapshot = {
    id,
    name: null,
    description: null,
    status: 'completed',
    fileCounts: { in_progress: 0, completed: 2, failed: 0, cancelled: 0, total: 2 },
    usageBytes: 5,
    metadata: {},
    expiresAfter: null,
    expiresAt: null,
    lastActiveAt: null,
    createdAt: NOW_S - 5 * DAY_S,
    extra: null,
    ...more,
  };
  return { snapshot, fingerprint: storeFingerprint(snapshot) };
}

const get = (id: string) => getVectorStore(harness.deps, { tenantId: TENANT, id });
const edit = async (id: string, changes: Parameters<typeof updateVectorStore>[1]['edit']) =>
  describeVectorStore(
    harness.deps,
    await updateVectorStore(harness.deps, { by: asSystem(TENANT, 'test'), id, edit: changes }),
  );

describe('a primary store', () => {
  it('is edited field by field: an omitted field stays, null clears', async () => {
    expect(await get('vs_ours')).toMatchObject({
      source: 'primary',
      backend: 'local',
      readOnlyReason: null,
      filesListingComplete: true,
    });
    await edit('vs_ours', {
      name: 'Renamed',
      description: 'Words',
      metadata: { team: 'a' },
      expiresAfter: { anchor: 'last_active_at', days: 2 },
    });
    const edited = await get('vs_ours');
    expect(edited).toMatchObject({
      name: 'Renamed',
      description: 'Words',
      metadata: { team: 'a' },
      expiresAfter: { anchor: 'last_active_at', days: 2 },
      expiresAt: NOW_S - DAY_S + 2 * DAY_S,
    });
    expect(await edit('vs_ours', {})).toEqual(edited);
    expect(await edit('vs_ours', { name: null, expiresAfter: null })).toEqual({
      ...edited,
      name: null,
      expiresAfter: null,
      expiresAt: null,
      expiryPolicy: { kind: 'never' },
      expiryState: 'none',
      expiryText: 'Never expires',
    });
  });

  it('is found by its new name', async () => {
    await edit('vs_ours', { name: 'Quite another' });
    const found = await listVectorStores(harness.deps, { tenantId: TENANT, query: { ...QUERY, q: 'another' } });
    expect(found.data.map((store) => store.id)).toEqual(['vs_ours']);
  });
});

describe('a mirror', () => {
  it.each([{}, { name: 'x' }, { metadata: {} }, { expiresAfter: null }])(
    'rejects the edit %j, and stays as it is',
    async (changes) => {
      const before = await get('vs_theirs');
      await expect(edit('vs_theirs', changes)).rejects.toMatchObject({
        code: 'vector_store_read_only',
        status: 403,
        message: expect.stringContaining('vs_theirs'),
      });
      expect(await get('vs_theirs')).toEqual(before);
    },
  );

  it('rejects a write in the repository too, where a caller did not check', async () => {
    const direct = harness.db.transaction((tx) => tx.vectorStores.edit(TENANT, 'vs_theirs', { name: 'x' }, NOW_MS));
    await expect(direct).rejects.toMatchObject({ code: 'vector_store_read_only' });
  });

  it('returns the reason why it is read-only, and its file counts', async () => {
    expect(await get('vs_theirs')).toMatchObject({
      readOnlyReason: expect.stringContaining("'Prod'"),
      filesListingComplete: false,
      filesListedAt: null,
      listedFileCount: 0,
      ghostCount: 0,
      lastSyncedAt: NOW_S,
    });
  });
});

describe('a store of another tenant', () => {
  it('is not found', async () => {
    const other = { tenantId: 'tenant-b', id: 'vs_ours' };
    const by = asSystem('tenant-b', 'tester');
    await expect(getVectorStore(harness.deps, other)).rejects.toMatchObject({ code: 'vector_store_not_found' });
    await expect(updateVectorStore(harness.deps, { by, id: 'vs_ours', edit: {} })).rejects.toMatchObject({
      code: 'vector_store_not_found',
    });
    await expect(listStoreFiles(harness.deps, { ...other, query: { limit: 5 } })).rejects.toMatchObject({
      code: 'vector_store_not_found',
    });
    await expect(listStoreHistory(harness.deps, { ...other, limit: 5, cursor: undefined })).rejects.toMatchObject({
      code: 'vector_store_not_found',
    });
    expect(await listVectorStores(harness.deps, { tenantId: 'tenant-b', query: QUERY })).toMatchObject({
      data: [],
      total: 0,
    });
  });
});

describe('store lists', () => {
  const list = (query: Partial<ListVectorStoresQuery> = {}) =>
    listVectorStores(harness.deps, { tenantId: TENANT, query: { ...QUERY, ...query } });

  it('show both kinds, or either', async () => {
    expect((await list()).data.map((store) => [store.id, store.source])).toEqual([
      ['vs_ours', 'primary'],
      ['vs_theirs', 'cache'],
    ]);
    expect((await list({ source: 'primary' })).data.map((store) => store.id)).toEqual(['vs_ours']);
    expect((await list({ source: 'cache' })).data.map((store) => store.id)).toEqual(['vs_theirs']);
  });

  it('treat an empty filter as none', async () => {
    expect(await list({ status: '', connectionId: '', q: '  ' })).toEqual(await list());
  });

  it('are as of the oldest listing behind them, or of none while one is missing', async () => {
    expect((await list()).asOf).toBeNull();
    const input = {
      by: asSystem(TENANT, 'tester'),
      name: 'Two',
      baseUrl: 'http://host/v1',
      apiKey: 'k2',
      organization: null,
      project: null,
      isSyncEnabled: false,
    };
    const { id } = await createConnection(harness.deps, input);
    await harness.db.transaction((tx) => tx.connections.update(TENANT, connectionId, { storesListedAtMs: NOW_MS }));
    expect((await list()).asOf).toBeNull();
    expect((await list({ connectionId })).asOf).toBe(NOW_S);
    await harness.db.transaction((tx) => tx.connections.update(TENANT, id, { storesListedAtMs: NOW_MS - 60_000 }));
    expect((await list()).asOf).toBe(NOW_S - 60);
    expect((await list({ connectionId: 'conn_none' })).asOf).toBeNull();
  });

  it('count by facet, each under the filters of the others', async () => {
    const facets = (query: Parameters<typeof countVectorStoreFacets>[1]['query']) =>
      countVectorStoreFacets(harness.deps, { tenantId: TENANT, query });
    expect(await facets({})).toEqual({
      source: { primary: 1, cache: 1 },
      status: { completed: 2 },
      connectionId: { [connectionId]: 1 },
      missing: 0,
      failedFiles: 0,
    });
    expect(await facets({ source: 'primary' })).toEqual({
      source: { primary: 1, cache: 1 },
      status: { completed: 1 },
      connectionId: {},
      missing: 0,
      failedFiles: 0,
    });
    expect(await facets({ connectionId })).toMatchObject({
      source: { cache: 1 },
      status: { completed: 1 },
      connectionId: { [connectionId]: 1 },
    });
    expect(await facets({ status: 'expired' })).toEqual({
      source: {},
      status: { completed: 2 },
      connectionId: {},
      missing: 0,
      failedFiles: 0,
    });
    expect(await facets({ q: 'ours' })).toMatchObject({ source: { primary: 1 }, status: { completed: 1 } });
  });

  it('filters and counts stores with failed files, whatever their status', async () => {
    await harness.db.transaction(async (tx) => {
      await tx.mirrorPermits.grant(TENANT, connectionId);
      const fileCounts = { in_progress: 0, completed: 3, failed: 2, cancelled: 0, total: 5 };
      const failing = mirrored('vs_failing', { name: 'Failing', status: 'in_progress', fileCounts });
      await tx.mirrorStores.upsert(TENANT, connectionId, [failing], NOW_MS);
      await tx.mirrorPermits.revoke();
    });
    const found = await list({ status: 'failed_files' });
    expect(found.data.map((store) => store.id)).toEqual(['vs_failing']);
    expect(found.total).toBe(1);
    expect((await list({ status: 'failed_files', source: 'primary' })).data).toEqual([]);
    const facets = (query: Parameters<typeof countVectorStoreFacets>[1]['query']) =>
      countVectorStoreFacets(harness.deps, { tenantId: TENANT, query });
    expect(await facets({})).toMatchObject({ status: { completed: 2, in_progress: 1 }, failedFiles: 1 });
    expect(await facets({ status: 'failed_files' })).toEqual({
      source: { cache: 1 },
      status: { completed: 2, in_progress: 1 },
      connectionId: { [connectionId]: 1 },
      missing: 0,
      failedFiles: 1,
    });
    expect(await facets({ source: 'primary' })).toMatchObject({ failedFiles: 0 });
  });
});
