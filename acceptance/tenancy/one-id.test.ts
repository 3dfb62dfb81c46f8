import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { expectStatus } from '../support/http.ts';
import { until } from '../support/sync.ts';
import { IMITATED_TEXT, type ImitatingServer, startImitatingServer } from './imitating-server.ts';
import { firstTenant, secondTenant, type Tenant } from './open-tenants.ts';

/** The server of the second tenant lists stores and files with the ids of the first tenant. */
const SETTINGS = {
  ESPEJO_SYNC_ENABLED: 'false',
  ESPEJO_ALLOW_PRIVATE_UPSTREAMS: 'true',
  ESPEJO_REMOVAL_GRACE_S: '0',
};
const dataDir = mkdtempSync(join(tmpdir(), 'espejo-one-id-'));

let espejo: Espejo;
let server: ImitatingServer;
let first: Tenant;
let second: Tenant;
let connectionId: string;
/** A store of the first tenant with a file in it, which the second tenant mirrors under the same ids. */
let kept: { storeId: string; fileId: string };
let doomed: { storeId: string; fileId: string };

beforeAll(async () => {
  server = await startImitatingServer();
  espejo = await startEspejo({ dataDir, env: SETTINGS });
  first = await firstTenant(espejo, API_KEY);
  second = await secondTenant(espejo);
  kept = await addStore('amethyst words');
  doomed = await addStore('doomed words');
  server.list(
    new Map([
      [kept.storeId, [kept.fileId]],
      [doomed.storeId, [doomed.fileId]],
    ]),
  );
  const body = { name: 'Imitation', baseUrl: server.url, apiKey: 'sk-any', isSyncEnabled: false };
  ({ id: connectionId } = await second.call('createConnection', { body }));
  expect(await syncSecond()).toMatchObject({ status: 'succeeded' });
}, 1_200_000);
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

async function addStore(text: string): Promise<{ storeId: string; fileId: string }> {
  const { id: storeId } = await first.call('createVectorStore', { body: { name: text } });
  return { storeId, fileId: await addFile(storeId, text) };
}

async function addFile(storeId: string, text: string): Promise<string> {
  const sent = await espejo.request('POST', `/api/vector-stores/${storeId}/uploads?filename=a.txt`, {
    key: first.keys.owner,
    headers: { 'content-type': 'text/plain' },
    body: text,
  });
  expectStatus(sent, 201);
  await until('the file to be in its store', async () => {
    const { fileCounts } = await first.call('getVectorStore', { params: { id: storeId } });
    return fileCounts.in_progress === 0 ? true : undefined;
  });
  return (sent.json as { id: string }).id;
}

async function syncSecond() {
  const { id } = await second.call('startSyncRun', { body: { connectionId, full: true } });
  return until('the sync', async () => {
    const run = await second.call('getSyncRun', { params: { id } });
    return run.status === 'running' ? undefined : run;
  });
}

/** Deletes a store with its files and waits for the end. */
async function deleteStore({ call }: Tenant, storeId: string) {
  const plan = await call('planDeletion', { body: { storeIds: [storeId], files: 'delete' } });
  const { id } = await call('startDeletion', { body: { planHash: plan.planHash } });
  const deletion = await until('the deletion', async () => {
    const now = await call('getDeletion', { params: { id } });
    return now.status === 'running' || now.status === 'waiting' ? undefined : now;
  });
  return { plan, deletion };
}

const textsOf = async ({ call }: Tenant, id: string) => {
  const { results } = await call('searchVectorStore', { params: { id }, body: { queries: ['words'] } });
  return results.flatMap(({ texts }) => texts);
};

/** The state of the first tenant's store, which must not change. */
async function keptState() {
  const { call } = first;
  const store = await call('getVectorStore', { params: { id: kept.storeId } });
  const { data } = await call('listVectorStoreFiles', { params: { id: kept.storeId }, query: {} });
  const { source, name, status, fileCounts } = store;
  return {
    source,
    name,
    status,
    fileCounts,
    files: data.map(({ id }) => id),
    texts: await textsOf(first, kept.storeId),
  };
}

it('two tenants with the same store id each read and search their own store', async () => {
  expect(await textsOf(first, kept.storeId)).toEqual(['amethyst words']);
  expect(await textsOf(second, kept.storeId)).toEqual([IMITATED_TEXT]);
  expect(await second.call('getVectorStore', { params: { id: kept.storeId } })).toMatchObject({
    source: 'cache',
    name: 'Imitation',
  });
  expect(await keptState()).toMatchObject({ source: 'primary', name: 'amethyst words' });
});

it('the ingestion progress of one tenant does not reach the other tenant with the same store id', async () => {
  const path = `/api/vector-stores/${kept.storeId}/ingestion/events`;
  const stream = espejo.request('GET', path, { key: second.keys.viewer });
  const long = Array.from({ length: 20_000 }, (_, i) => `word${i % 997}`).join(' ');
  const fileId = await addFile(kept.storeId, long);
  const again = espejo.request('GET', path, { key: second.keys.viewer });
  for (const { status, text } of await Promise.all([stream, again])) {
    expect(status).toBe(200);
    expect(text.match(/^event: .*/gm)).toEqual(['event: progress', 'event: end']);
    expect(text).not.toContain(fileId);
  }
  await first.call('detachFile', { params: { id: kept.storeId, fileId } });
});

it('deleting and purging a store of one tenant leaves the store of the same id in the other tenant', async () => {
  const { plan, deletion } = await deleteStore(first, doomed.storeId);
  expect(plan.counts.filesKept).toBe(0);
  expect(deletion.status).toBe('succeeded');
  expect(await second.call('getVectorStore', { params: { id: doomed.storeId } })).toMatchObject({ source: 'cache' });
  expect(await textsOf(second, doomed.storeId)).toEqual([IMITATED_TEXT]);
  expect(server.writes).toEqual([]);
});

it('adopting a mirror copies the store of its own tenant, not the one of the same id in another tenant', async () => {
  const transfer = await second.call('startTransfer', { body: { kind: 'adopt', storeId: kept.storeId } });
  const ended = await until('the adoption', async () => {
    const now = await second.call('getTransfer', { params: { id: transfer.id } });
    return now.status === 'running' ? undefined : now;
  });
  expect(ended.status).toBe('succeeded');
  const before = await keptState();
  await until('the copy', async () => {
    const texts = await textsOf(second, ended.target.id ?? '');
    return texts.length > 0 ? (expect(texts).toEqual([IMITATED_TEXT]) ?? true) : undefined;
  });
  expect(await keptState()).toEqual(before);
});

it('deleting a store, or removing it by sync, leaves the store of the same id in another tenant', async () => {
  const before = await keptState();
  expect((await deleteStore(second, kept.storeId)).deletion.status).toBe('succeeded');
  expect(server.writes).toContain(`DELETE /vector_stores/${kept.storeId}`);
  expect(await keptState()).toEqual(before);

  server.list(new Map([[kept.storeId, [kept.fileId]]]));
  const review = await syncSecond();
  expect(review.status).toBe('needs_review');
  await second.call('approveSyncRun', { params: { id: review.id }, body: { planHash: review.plan?.hash ?? '' } });
  await until('the store that is not listed any more to be removed', async () => {
    // The approval has started another sync.
    const { activeRunId } = await second.call('getConnection', { params: { id: connectionId } });
    if (activeRunId !== null) return undefined;
    const { data } = await second.call('listVectorStores', { query: { connectionId } });
    if (!data.some(({ id }) => id === doomed.storeId)) return data;
    await syncSecond();
    return undefined;
  });
  expect(await second.call('getVectorStore', { params: { id: kept.storeId } })).toMatchObject({ source: 'cache' });
  expect(await keptState()).toEqual(before);
});

it('an index that an older version stored outside the tenant folders is used after a start', async () => {
  await espejo.stop();
  const stores = join(dataDir, 'stores');
  for (const name of readdirSync(join(stores, 'default')))
    renameSync(join(stores, 'default', name), join(stores, name));
  expect(readdirSync(stores)).toContain(`${kept.storeId}.db`);
  espejo = await startEspejo({ dataDir, env: SETTINGS });
  const { json } = await espejo.request('POST', `/api/vector-stores/${kept.storeId}/search`, {
    key: first.keys.owner,
    json: { queries: ['words'] },
  });
  expect(json).toMatchObject({ results: [{ texts: ['amethyst words'] }] });
  expect(readdirSync(join(stores, 'default'))).toContain(`${kept.storeId}.db`);
});
