import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { expectErrorDetails } from '../support/http.ts';
import { syncOk } from '../support/sync.ts';
import { transfer } from './transfers.ts';

const TEXTS = [
  'Lighthouses guide ships at night.',
  'Harbours shelter ships in a storm.',
  'Bread rises in a warm kitchen.',
  'Trains run on rails of steel.',
];

describe('parity of a mirror and its adopted copy', () => {
  let sandbox: RunningSandbox;
  let espejo: Espejo;
  let leftStoreId = '';
  let rightStoreId = '';

  beforeAll(async () => {
    sandbox = await startSandbox({ keys: { 'sk-live': 'proj_a' } });
    espejo = await startEspejo({
      env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-live', ESPEJO_SYNC_ENABLED: 'false' },
    });
    const { state } = sandbox;
    leftStoreId = state.createStore({ name: 'All' }).id;
    // All have one name, so only the record of the copy can match them.
    for (const content of TEXTS)
      state.attach({ storeId: leftStoreId, fileId: state.createFile({ filename: 'text.md', content }).id });
    await syncOk(espejo);
    rightStoreId = (await transfer(espejo, { kind: 'adopt', storeId: leftStoreId })).target.id ?? '';
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox?.close();
  });

  it('matches files by the transfer that copied them and keeps a history', async () => {
    const queries = ['ships at night', 'bread in a kitchen', 'rails of steel'];
    const body = { leftStoreId, rightStoreId, queries, depth: 1 };
    const run = await espejo.call('compareStores', { body });
    expect(run.queries.map((query) => query.query)).toEqual(queries);
    expect(run, 'both find the one file that has the words').toMatchObject({ meanOverlap: 1, queryCount: 3 });
    expect(run.queries.flatMap((query) => [...query.left, ...query.right]).every((hit) => hit.isShared)).toBe(true);
    const deeper = await espejo.call('compareStores', { body: { ...body, depth: 4 } });
    expect(deeper.meanOverlap).toBeGreaterThan(0);
    const { data } = await espejo.call('listParityRuns', { query: { leftStoreId, rightStoreId } });
    expect(data).toEqual([deeper, run]);
    expect(await espejo.call('getParityRun', { params: { id: run.id } })).toEqual(run);
  });

  it('matches files by name in stores that were never copied', async () => {
    const other = await espejo.call('createVectorStore', { body: { name: 'Empty' } });
    const run = await espejo.call('compareStores', {
      body: { leftStoreId, rightStoreId: other.id, queries: ['ships'] },
    });
    expect(run).toMatchObject({ meanOverlap: 0, meanRankCorrelation: null });
  });

  it('rejects comparing a store with itself, and stores nothing of a failed comparison', async () => {
    const json = { leftStoreId, rightStoreId: leftStoreId, queries: ['x'] };
    const answer = await espejo.request('POST', '/api/parity-runs', { json });
    expect(expectErrorDetails(answer, 400, 'invalid_request')).toEqual({ param: 'rightStoreId' });
    const before = (await espejo.call('listParityRuns', { query: { leftStoreId, rightStoreId } })).data.length;
    sandbox.faults.add({ kind: 'status', status: 401, path: '/vector_stores/*/search' });
    const failed = await espejo.request('POST', '/api/parity-runs', { json: { ...json, rightStoreId } });
    expect(failed.status).toBe(502);
    sandbox.faults.clear();
    expect((await espejo.call('listParityRuns', { query: { leftStoreId, rightStoreId } })).data).toHaveLength(before);
  });
});
