import type OpenAI from 'openai';
import { NotFoundError, toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, createManualClock } from './clock.ts';
import type { Sandbox, SandboxOptions } from './create-sandbox.ts';

/** A client of a sandbox, and a function that closes both. */
export interface SdkSetup {
  readonly client: OpenAI;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

/** What must hold for the official SDK, with and without a socket. */
export function describeOpenaiSdk(connect: (options: SandboxOptions) => Promise<SdkSetup>): void {
  let setup: SdkSetup;
  let client: OpenAI;
  let clock: Clock;

  beforeEach(async () => {
    clock = createManualClock(1_760_000_000_000);
    setup = await connect({ clock, pollAfterMs: 1 });
    client = setup.client;
  });
  afterEach(() => setup.close());

  const upload = (text: string, name = 'notes.txt') =>
    client.files.create({ file: new File([text], name), purpose: 'assistants' });

  describe('vector stores', () => {
    it('are created, read, changed, listed and deleted', async () => {
      const store = await client.vectorStores.create({
        name: 'Help 🚀',
        description: 'What it is for',
        metadata: { team: 'support' },
        expires_after: { anchor: 'last_active_at', days: 3 },
      });
      expect(store).toMatchObject({ name: 'Help 🚀', status: 'completed', metadata: { team: 'support' } });
      expect(store.expires_at).toBe(store.created_at + 3 * 86_400);
      expect(await client.vectorStores.retrieve(store.id)).toEqual(store);

      const changed = await client.vectorStores.update(store.id, { name: null, expires_after: null });
      expect(changed).toEqual({ ...store, name: null, expires_after: null, expires_at: null });

      expect((await client.vectorStores.list()).data).toEqual([changed]);
      const deleted = await client.vectorStores.delete(store.id);
      expect(deleted).toEqual({ id: store.id, object: 'vector_store.deleted', deleted: true });
      await expect(client.vectorStores.retrieve(store.id)).rejects.toThrow(NotFoundError);
    });

    it('page automatically in the SDK', async () => {
      for (let index = 0; index < 7; index += 1) await client.vectorStores.create({ name: `${index}` });
      const names: (string | null)[] = [];
      for await (const store of client.vectorStores.list({ limit: 3, order: 'asc' })) names.push(store.name);
      expect(names).toEqual(['0', '1', '2', '3', '4', '5', '6']);
      expect(setup.sandbox.requests.byRoute['GET /vector_stores']).toBe(3);
    });

    it('accept files when they are created', async () => {
      const file = await upload('text');
      const store = await client.vectorStores.create({ file_ids: [file.id] });
      expect(store).toMatchObject({ status: 'in_progress', file_counts: { in_progress: 1, total: 1 } });
      expect(await client.vectorStores.retrieve(store.id)).toMatchObject({
        status: 'completed',
        file_counts: { in_progress: 0, completed: 1, total: 1 },
        usage_bytes: 4 + 1024,
      });
    });
  });

  describe('store files', () => {
    it('are attached, read, changed, listed and detached', async () => {
      const store = await client.vectorStores.create({});
      const file = await upload('text');
      const attached = await client.vectorStores.files.create(store.id, {
        file_id: file.id,
        attributes: { lang: 'en', year: 2026, draft: false },
        chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 } },
      });
      expect(attached.status).toBe('in_progress');
      const done = await client.vectorStores.files.poll(store.id, file.id);
      expect(done).toEqual({ ...attached, status: 'completed', usage_bytes: 1028 });

      const changed = await client.vectorStores.files.update(file.id, {
        vector_store_id: store.id,
        attributes: { lang: 'de' },
      });
      expect(changed.attributes).toEqual({ lang: 'de' });
      const listed = await client.vectorStores.files.list(store.id, { filter: 'completed' });
      expect(listed.data).toEqual([changed]);

      const content = await client.vectorStores.files.content(file.id, { vector_store_id: store.id });
      expect(content.data).toEqual([{ type: 'text', text: 'text' }]);

      const detached = await client.vectorStores.files.delete(file.id, { vector_store_id: store.id });
      expect(detached).toEqual({ id: file.id, object: 'vector_store.file.deleted', deleted: true });
      expect((await client.vectorStores.files.list(store.id)).data).toEqual([]);
      expect(await client.files.retrieve(file.id)).toEqual(file);
    });

    it('are uploaded and polled in one call', async () => {
      const store = await client.vectorStores.create({});
      const done = await client.vectorStores.files.uploadAndPoll(
        store.id,
        await toFile(Buffer.from('# Title'), 'a.md'),
      );
      expect(done).toMatchObject({ status: 'completed', vector_store_id: store.id, last_error: null });
    });

    it('fail when a file cannot be indexed', async () => {
      const store = await client.vectorStores.create({});
      const picture = await upload('not really', 'picture.png');
      const done = await client.vectorStores.files.createAndPoll(store.id, { file_id: picture.id });
      expect(done).toMatchObject({ status: 'failed', usage_bytes: 0, last_error: { code: 'unsupported_file' } });
    });

    it('are polled until processing ends by the clock', async () => {
      await setup.close();
      setup = await connect({ clock, pollAfterMs: 1, processingDelayMs: 5000 });
      client = setup.client;
      const store = await client.vectorStores.create({});
      const file = await upload('text');
      await client.vectorStores.files.create(store.id, { file_id: file.id });
      let polls = 0;
      setup.sandbox.onRequest(({ method }) => {
        polls += method === 'GET' ? 1 : 0;
        if (polls === 3) clock.advance(5000);
      });
      expect((await client.vectorStores.files.poll(store.id, file.id)).status).toBe('completed');
      expect(polls).toBe(3);
    });
  });

  describe('file batches', () => {
    it('attach files, report their progress and list them', async () => {
      const store = await client.vectorStores.create({});
      const files = await Promise.all(['one', 'two', 'three'].map((text) => upload(text)));
      const ids = files.map((file) => file.id);
      const batch = await client.vectorStores.fileBatches.create(store.id, { file_ids: ids, attributes: { batch: 1 } });
      expect(batch).toMatchObject({ status: 'in_progress', file_counts: { in_progress: 3, total: 3 } });
      const done = await client.vectorStores.fileBatches.poll(store.id, batch.id);
      expect(done).toEqual({
        ...batch,
        status: 'completed',
        file_counts: { in_progress: 0, completed: 3, failed: 0, cancelled: 0, total: 3 },
      });
      const listed: OpenAI.VectorStores.VectorStoreFile[] = [];
      const pages = client.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store.id, limit: 2 });
      for await (const file of pages) listed.push(file);
      // Files of a batch have the same second and are listed by id, whatever order is requested.
      expect(listed.map((file) => file.id)).toEqual(ids.toSorted());
      expect(listed[0]?.attributes).toEqual({ batch: 1 });
    });

    it('apply attributes and chunking file by file', async () => {
      const store = await client.vectorStores.create({});
      const [first, second] = await Promise.all([upload('one'), upload('two')]);
      const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, {
        files: [{ file_id: first.id, attributes: { n: 1 } }, { file_id: second.id }],
      });
      expect(batch.file_counts.completed).toBe(2);
      const read = await client.vectorStores.files.retrieve(first.id, { vector_store_id: store.id });
      expect(read.attributes).toEqual({ n: 1 });
    });

    it('are uploaded and polled in one call', async () => {
      const store = await client.vectorStores.create({});
      const files = [new File(['a'], 'a.txt'), new File(['b'], 'b.txt'), new File(['c'], 'c.xyz')];
      const batch = await client.vectorStores.fileBatches.uploadAndPoll(store.id, { files });
      expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 2, failed: 1, total: 3 } });
    });

    it('stay unchanged when they are cancelled too late', async () => {
      const store = await client.vectorStores.create({});
      const file = await upload('text');
      const done = await client.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [file.id] });
      expect(await client.vectorStores.fileBatches.cancel(done.id, { vector_store_id: store.id })).toEqual(done);
      const read = await client.vectorStores.files.retrieve(file.id, { vector_store_id: store.id });
      expect(read.status).toBe('completed');
    });

    it('are cancelled while they run', async () => {
      await setup.close();
      setup = await connect({ clock, processingDelayMs: 5000 });
      client = setup.client;
      const store = await client.vectorStores.create({});
      const file = await upload('text');
      const batch = await client.vectorStores.fileBatches.create(store.id, { file_ids: [file.id] });
      const cancelled = await client.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: store.id });
      expect(cancelled).toMatchObject({ status: 'cancelled', file_counts: { cancelled: 1, in_progress: 0, total: 1 } });
      clock.advance(60_000);
      const read = await client.vectorStores.files.retrieve(file.id, { vector_store_id: store.id });
      expect(read.status).toBe('cancelled');
      expect(await client.vectorStores.fileBatches.retrieve(batch.id, { vector_store_id: store.id })).toEqual(
        cancelled,
      );
    });
  });

  describe('a search', () => {
    it('finds by words, best first, within a filter', async () => {
      const store = await client.vectorStores.create({});
      const texts = {
        cats: 'All about cats. Cats sleep.',
        dogs: 'All about dogs and one cat: cats',
        law: 'Contract law',
      };
      for (const [name, text] of Object.entries(texts)) {
        const file = await upload(text, `${name}.txt`);
        await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id, attributes: { name } });
      }
      const names = async (body: OpenAI.VectorStoreSearchParams) =>
        (await client.vectorStores.search(store.id, body)).data.map((hit) => hit.filename);
      expect(await names({ query: 'cats' })).toEqual(['cats.txt', 'dogs.txt']);
      expect(await names({ query: ['contract', 'dogs'] })).toEqual(expect.arrayContaining(['law.txt', 'dogs.txt']));
      expect(await names({ query: 'cats', max_num_results: 1 })).toEqual(['cats.txt']);
      expect(await names({ query: 'cats', filters: { type: 'ne', key: 'name', value: 'cats' } })).toEqual(['dogs.txt']);

      const page = await client.vectorStores.search(store.id, { query: 'cats' });
      expect(page.data[0]).toEqual({
        file_id: expect.stringMatching(/^file-/),
        filename: 'cats.txt',
        score: expect.any(Number),
        attributes: { name: 'cats' },
        content: [{ type: 'text', text: texts.cats }],
      });
      expect(page.data.every((hit) => hit.score > 0 && hit.score <= 1)).toBe(true);
      const lowest = page.data.at(-1)?.score ?? 1;
      expect(await names({ query: 'cats', ranking_options: { score_threshold: lowest + 0.001 } })).toEqual([
        'cats.txt',
      ]);
    });

    it('returns one row per chunk, the best first, and counts rows', async () => {
      const store = await client.vectorStores.create({});
      const text = Array.from(
        { length: 12 },
        (_, step) => `Step ${step} of the protocol. ${'filler '.repeat(60)}`,
      ).join('\n');
      const file = await upload(text, 'protocol.md');
      await client.vectorStores.files.createAndPoll(store.id, {
        file_id: file.id,
        chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 0 } },
      });
      const { data } = await client.vectorStores.search(store.id, { query: 'protocol', max_num_results: 5 });
      expect(data.map((row) => [row.file_id, row.content.length])).toEqual(Array(5).fill([file.id, 1]));
      expect(new Set(data.map((row) => row.content[0]?.text)).size).toBe(5);
    });
  });

  describe('files', () => {
    it('are uploaded with an expiry, read, listed and deleted', async () => {
      const file = await client.files.create({
        file: new File(['{"a":1}\n'], 'input.jsonl'),
        purpose: 'fine-tune',
        expires_after: { anchor: 'created_at', seconds: 3600 },
      });
      expect(file).toMatchObject({ filename: 'input.jsonl', bytes: 8, purpose: 'fine-tune', status: 'processed' });
      expect(file.expires_at).toBe(file.created_at + 3600);
      const other = await upload('text');
      expect((await client.files.list()).data).toEqual([other, file]);
      expect((await client.files.list({ purpose: 'fine-tune' })).data).toEqual([file]);
      expect(await (await client.files.content(file.id)).text()).toBe('{"a":1}\n');
      expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
      await expect(client.files.retrieve(file.id)).rejects.toThrow(`No such File object: ${file.id}`);
    });

    it('cannot be downloaded when their purpose is assistants', async () => {
      const file = await upload('secret');
      await expect(client.files.content(file.id)).rejects.toThrow(
        'Not allowed to download files of purpose: assistants',
      );
    });

    it('keep names beyond ASCII', async () => {
      const file = await upload('text', 'größe – 料金 "x".txt');
      expect((await client.files.retrieve(file.id)).filename).toBe('größe – 料金 "x".txt');
    });
  });

  describe('uploads', () => {
    it('join their parts in the requested order', async () => {
      const upload = await client.uploads.create({
        filename: 'big.txt',
        purpose: 'assistants',
        bytes: 10,
        mime_type: 'text/plain',
      });
      const second = await client.uploads.parts.create(upload.id, { data: await toFile(Buffer.from('world'), 'b') });
      const first = await client.uploads.parts.create(upload.id, { data: await toFile(Buffer.from('hello'), 'a') });
      const done = await client.uploads.complete(upload.id, {
        part_ids: [first.id, second.id],
        md5: 'fc5e038d38a57032085441e7fe7010b0',
      });
      expect(done).toMatchObject({ status: 'completed', file: { filename: 'big.txt', bytes: 10 } });
      const store = await client.vectorStores.create({ file_ids: [done.file?.id ?? ''] });
      await client.vectorStores.retrieve(store.id);
      const content = await client.vectorStores.files.content(done.file?.id ?? '', { vector_store_id: store.id });
      expect(content.data).toEqual([{ type: 'text', text: 'helloworld' }]);
    });

    it('are cancelled, reject wrong bytes, and expire after an hour', async () => {
      const create = () =>
        client.uploads.create({ filename: 'a.txt', purpose: 'assistants', bytes: 3, mime_type: 'text/plain' });
      const cancelled = await create();
      expect((await client.uploads.cancel(cancelled.id)).status).toBe('cancelled');
      await expect(client.uploads.complete(cancelled.id, { part_ids: [] })).rejects.toThrow('is cancelled');
      const short = await create();
      await expect(client.uploads.complete(short.id, { part_ids: [] })).rejects.toThrow('does not match');
      clock.advance(3_600_000);
      await expect(client.uploads.complete(short.id, { part_ids: [] })).rejects.toThrow('is expired');
    });
  });

  describe('embeddings', () => {
    it('are unit vectors, the same for the same text, close for texts that share words', async () => {
      const { data, usage } = await client.embeddings.create({
        model: 'text-embedding-3-small',
        input: ['the red house', 'the red house', 'the red car', 'unrelated words entirely'],
      });
      const vectors = data.map((item) => item.embedding);
      const [first = [], same = [], near = [], far = []] = vectors;
      const dot = (left: number[], right: number[]) =>
        left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
      expect(first).toHaveLength(1536);
      expect(dot(first, first)).toBeCloseTo(1, 4);
      expect(same).toEqual(first);
      expect(dot(first, near)).toBeGreaterThan(dot(first, far) + 0.2);
      expect(usage.total_tokens).toBeGreaterThan(0);
    });

    it('are the same as floats and as base64', async () => {
      const body = { model: 'text-embedding-3-large', input: 'text', dimensions: 64 };
      const packed = await client.embeddings.create(body);
      const plain = await client.embeddings.create({ ...body, encoding_format: 'float' });
      expect(plain.data[0]?.embedding).toHaveLength(64);
      expect(packed.data[0]?.embedding).toEqual(plain.data[0]?.embedding);
    });
  });
}
