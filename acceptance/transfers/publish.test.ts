import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { settled, until } from '../support/sync.ts';
import { itemsOf, transfer, untilStill } from './transfers.ts';

describe('publishing a primary store', () => {
  let sandbox: RunningSandbox;
  let espejo: Espejo;
  let client: OpenAI;
  let upstream: OpenAI;
  let connectionId = '';

  beforeAll(async () => {
    sandbox = await startSandbox({ keys: { 'sk-live': 'proj_a' } });
    espejo = await startEspejo({
      env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-live', ESPEJO_SYNC_ENABLED: 'false' },
    });
    client = new OpenAI({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
    upstream = new OpenAI({ apiKey: 'sk-live', baseURL: sandbox.url });
    connectionId = (await espejo.call('listConnections', {})).data[0]?.id ?? '';
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox?.close();
  });

  let storeId = '';
  beforeEach(async () => {
    sandbox.faults.clear();
    const store = await client.vectorStores.create({ name: 'Sea', metadata: { team: 'nautics' } });
    storeId = store.id;
    for (const [name, text, topic] of [
      ['light.md', 'Lighthouses guide ships at night.', 'light'],
      ['harbour.txt', 'Harbours shelter ships in a storm.', 'harbour'],
    ] as const) {
      const file = await client.files.create({ file: await toFile(Buffer.from(text), name), purpose: 'assistants' });
      await client.vectorStores.files.createAndPoll(
        storeId,
        {
          file_id: file.id,
          attributes: { topic },
          chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 } },
        },
        { pollIntervalMs: 20 },
      );
    }
    sandbox.requests.clear();
  });

  const publish = () => transfer(espejo, { kind: 'publish', storeId, connectionId, name: 'Sea upstream' });

  it('copies files, attributes, chunking and metadata, removes the short expiry, and the copy is then mirrored', async () => {
    const done = await publish();
    expect(done).toMatchObject({ status: 'succeeded', counts: { expected: 2, copied: 2, written: 2 } });
    const target = done.target.id ?? '';
    const store = await upstream.vectorStores.retrieve(target);
    expect(store).toMatchObject({
      name: 'Sea upstream',
      metadata: { team: 'nautics' },
      expires_after: null,
      file_counts: { completed: 2, total: 2 },
    });
    for await (const file of upstream.vectorStores.files.list(target)) {
      expect(file.chunking_strategy).toMatchObject({
        static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 },
      });
      const { filename } = await upstream.files.retrieve(file.id);
      expect(file.attributes).toEqual({ topic: filename.split('.')[0] });
      const { data } = await upstream.vectorStores.files.content(file.id, { vector_store_id: target });
      expect(data[0]?.text).toContain('ships');
    }
    const mirror = await until('the mirror of what was published', async () => {
      await settled(espejo);
      return espejo.call('getVectorStore', { params: { id: target } }).catch(() => undefined);
    });
    expect(mirror).toMatchObject({ source: 'cache', name: 'Sea upstream' });
  });

  it('leaves a store upstream that expires within a day until it is complete', async () => {
    sandbox.faults.add({ kind: 'status', status: 403, path: '/vector_stores/*/files', method: 'POST' });
    const parked = await publish();
    expect(parked).toMatchObject({ status: 'parked', reason: expect.stringMatching(/may not write/) });
    const half = await upstream.vectorStores.retrieve(parked.target.id ?? '');
    expect(half.expires_after).toEqual({ anchor: 'last_active_at', days: 1 });
    sandbox.faults.clear();
    await espejo.call('retryTransfer', { params: { id: parked.id } });
    expect(await untilStill(espejo, parked.id)).toMatchObject({ status: 'succeeded', counts: { written: 2 } });
    expect((await upstream.vectorStores.retrieve(parked.target.id ?? '')).expires_after).toBeNull();
  });

  it('deletes everything it copied when upstream cannot ingest it, and leaves no orphan', async () => {
    const bad = await client.files.create({
      file: await toFile(Buffer.from('name,age\nAda,36\n'), 'people.csv'),
      purpose: 'assistants',
    });
    await client.vectorStores.files.createAndPoll(storeId, { file_id: bad.id }, { pollIntervalMs: 20 });
    const before = new Set((await upstream.files.list()).data.map((file) => file.id));
    const parked = await publish();
    const items = await itemsOf(espejo, parked.id);
    expect(parked).toMatchObject({ status: 'parked', isFinishable: true, counts: { written: 2, failed: 1 } });
    expect(items.find((item) => item.filename === 'people.csv')).toMatchObject({
      state: 'failed',
      targetFileId: null,
      reason: expect.stringMatching(/not supported/),
    });
    await espejo.call('finishTransfer', { params: { id: parked.id } });
    expect(await untilStill(espejo, parked.id)).toMatchObject({ status: 'succeeded', counts: { written: 2 } });
    const held = new Set<string>();
    for await (const file of upstream.vectorStores.files.list(parked.target.id ?? '')) held.add(file.id);
    const made = (await upstream.files.list()).data.filter((file) => !before.has(file.id));
    expect(made.every((file) => held.has(file.id))).toBe(true);
  });

  it('creates the store once although the answer was lost', async () => {
    const count = async () => (await upstream.vectorStores.list({ limit: 100 })).data.length;
    const before = { stores: await count(), files: (await upstream.files.list()).data.length };
    sandbox.faults.add({ kind: 'drop', effect: 'after', path: '/vector_stores', method: 'POST', nth: 1 });
    sandbox.faults.add({ kind: 'drop', effect: 'after', path: '/uploads/*/complete', method: 'POST', nth: 1 });
    const done = await publish();
    expect(done).toMatchObject({ status: 'succeeded', counts: { expected: 2, written: 2 } });
    expect({ stores: await count(), files: (await upstream.files.list()).data.length }).toEqual({
      stores: before.stores + 1,
      files: before.files + 2,
    });
  });
});
