import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { expectErrorDetails } from '../support/http.ts';
import { syncOk } from '../support/sync.ts';
import { itemsOf, transfer, untilStill } from './transfers.ts';

describe('adopting a mirror', () => {
  let sandbox: RunningSandbox;
  let espejo: Espejo;
  let client: OpenAI;

  beforeAll(async () => {
    sandbox = await startSandbox({ keys: { 'sk-live': 'proj_a' } });
    espejo = await startEspejo({
      env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-live', ESPEJO_SYNC_ENABLED: 'false' },
    });
    client = new OpenAI({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox?.close();
  });

  let storeId = '';
  beforeEach(async () => {
    sandbox.faults.clear();
    const { state } = sandbox;
    storeId = state.createStore({ name: 'Sea', metadata: { team: 'nautics' }, expiresAfterDays: 30 }).id;
    const add = (filename: string, content: string, attributes: Record<string, string | number | boolean>) =>
      state.attach({ storeId, fileId: state.createFile({ filename, content }).id, attributes });
    add('light.md', 'Lighthouses guide ships at night.', { topic: 'light', year: 1811 });
    add('page.html', 'In HTML a <b> makes words bold, and 1 < 2.', { topic: 'markup' });
    add('harbour.pdf', 'Harbours shelter ships in a storm.', { topic: 'harbour', isOpen: true });
    await syncOk(espejo);
    sandbox.requests.clear();
  });

  it('copies every file as its text with its name and attributes, and only reads from upstream', async () => {
    const done = await transfer(espejo, { kind: 'adopt', storeId, name: 'Sea, ours' });
    expect(done).toMatchObject({
      status: 'succeeded',
      counts: { expected: 3, copied: 3, written: 3, failed: 0, skipped: 0 },
    });
    const target = done.target.id ?? '';
    const store = await espejo.call('getVectorStore', { params: { id: target } });
    expect(store).toMatchObject({
      source: 'primary',
      name: 'Sea, ours',
      metadata: { team: 'nautics' },
      expiryPolicy: { kind: 'after_last_active', days: 30 },
      fileCounts: { completed: 3, total: 3 },
    });
    const files = (await espejo.call('listVectorStoreFiles', { params: { id: target }, query: {} })).data;
    expect(Object.fromEntries(files.map((file) => [file.filename, file.attributes]))).toEqual({
      'light.md': { topic: 'light', year: 1811 },
      'page.html': { topic: 'markup' },
      'harbour.pdf': { topic: 'harbour', isOpen: true },
    });
    for (const file of files) {
      const { data } = await client.vectorStores.files.content(file.id, { vector_store_id: target });
      const source = (await itemsOf(espejo, done.id)).find((item) => item.targetFileId === file.id)?.sourceFileId ?? '';
      const there = await client.vectorStores.files.content(source, { vector_store_id: storeId });
      expect(data.map((part) => part.text).join('')).toBe(there.data.map((part) => part.text).join(''));
    }
    const found = await client.vectorStores.search(target, { query: 'ships in a storm' });
    expect(found.data[0]?.filename).toBe('harbour.pdf');
    expect(sandbox.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('skips files that are not completed upstream and reports them', async () => {
    const { state } = sandbox;
    const bad = state.createFile({ filename: 'film.mp4', content: 'x' }).id;
    state.attach({
      storeId,
      fileId: bad,
      outcome: { usageBytes: 0, lastError: { code: 'unsupported_file', message: 'The file type is not supported.' } },
    });
    const done = await transfer(espejo, { kind: 'adopt', storeId });
    expect(done).toMatchObject({ status: 'succeeded', counts: { expected: 4, written: 3, skipped: 1 } });
    const skipped = (await itemsOf(espejo, done.id)).find((item) => item.state === 'skipped');
    expect(skipped).toMatchObject({ sourceFileId: bad, reason: expect.stringMatching(/failed/) });
  });

  it('skips a ghost, which has no text any more', async () => {
    const { state } = sandbox;
    const ghost = state.createFile({ filename: 'ghost.md', content: 'gone' }).id;
    state.attach({ storeId, fileId: ghost });
    sandbox.faults.add({ kind: 'ghost_attachments', mode: 'listed' });
    await fetch(`${sandbox.url}/files/${ghost}`, { method: 'DELETE', headers: { authorization: 'Bearer sk-live' } });
    const done = await transfer(espejo, { kind: 'adopt', storeId });
    expect(done).toMatchObject({ status: 'succeeded', counts: { expected: 4, written: 3, skipped: 1 } });
    const skipped = (await itemsOf(espejo, done.id)).find((item) => item.state === 'skipped');
    expect(skipped).toMatchObject({ sourceFileId: ghost, reason: expect.stringMatching(/ghost/) });
  });

  it('is parked when a file cannot be read, and finishes with or without it', async () => {
    sandbox.faults.add({ kind: 'status', status: 400, path: '/vector_stores/*/files/*/content', nth: 2 });
    const parked = await transfer(espejo, { kind: 'adopt', storeId });
    expect(parked).toMatchObject({
      status: 'parked',
      isFinishable: true,
      counts: { expected: 3, written: 2, failed: 1 },
      reason: expect.stringMatching(/1 file could not be copied/),
    });
    sandbox.faults.clear();
    await espejo.call('retryTransfer', { params: { id: parked.id } });
    expect(await untilStill(espejo, parked.id)).toMatchObject({ status: 'succeeded', counts: { written: 3 } });

    sandbox.faults.add({ kind: 'status', status: 400, path: '/vector_stores/*/files/*/content', nth: 1 });
    const other = await transfer(espejo, { kind: 'adopt', storeId });
    expect(other.status).toBe('parked');
    await espejo.call('finishTransfer', { params: { id: other.id } });
    expect(await untilStill(espejo, other.id)).toMatchObject({
      status: 'succeeded',
      counts: { expected: 3, written: 2, failed: 0, skipped: 1 },
    });
  });

  it('is parked when the key is rejected, and continues with a valid one', async () => {
    sandbox.faults.add({ kind: 'status', status: 401, path: '/vector_stores/*/files/*/content' });
    const parked = await transfer(espejo, { kind: 'adopt', storeId });
    expect(parked).toMatchObject({ status: 'parked', isFinishable: false, reason: expect.stringMatching(/API key/) });
    sandbox.faults.clear();
    await espejo.call('retryTransfer', { params: { id: parked.id } });
    expect(await untilStill(espejo, parked.id)).toMatchObject({ status: 'succeeded', counts: { written: 3 } });
  });

  it('is rejected for a primary store with the reason', async () => {
    const own = await espejo.call('createVectorStore', { body: { name: 'Ours' } });
    const answer = await espejo.request('POST', '/api/transfers', { json: { kind: 'adopt', storeId: own.id } });
    expect(expectErrorDetails(answer, 400, 'invalid_request')).toEqual({ param: 'kind' });
    const preview = await espejo.call('previewTransfer', { params: { id: storeId }, query: { kind: 'adopt' } });
    expect(preview).toMatchObject({ fileCount: 3, skippedCount: 0, requests: 4, monthlyCostUsd: null });
  });
});
