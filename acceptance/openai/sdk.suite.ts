import { createHash } from 'node:crypto';
import type OpenAI from 'openai';
import { type APIError, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SdkErrors } from './sdk-majors.ts';

/** A server with OpenAI's protocol, and how to stop it. */
export interface SdkServer {
  readonly client: OpenAI;
  readonly errors: SdkErrors;
  readonly baseUrl: string;
  readonly embeddings: { readonly model: string; readonly dimensions: number };
  close(): Promise<void>;
}

const TEXTS = {
  cats: 'Cats sleep sixteen hours a day. A cat purrs when it is content.',
  dogs: 'Dogs guard the house. Now and then a dog sleeps beside the cat.',
  law: 'Contract law: an offer, its acceptance, and consideration.',
};

/** What the unmodified official SDK must be able to do with a compatible server. */
export function describeSdk(name: string, start: () => Promise<SdkServer>): void {
  describe(name, () => {
    let server: SdkServer;
    let client: OpenAI;
    beforeAll(async () => {
      server = await start();
      client = server.client;
    });
    afterAll(() => server?.close());

    const upload = (text: string, filename = 'notes.txt') =>
      client.files.create({ file: new File([text], filename), purpose: 'assistants' });
    const refusalOf = async (call: Promise<unknown>): Promise<APIError> => {
      const error = await call.then(
        () => null,
        (cause: unknown) => cause,
      );
      if (!(error instanceof server.errors.APIError)) throw new Error('the call was not refused');
      return error as APIError;
    };

    describe('vector stores', () => {
      it('can be created, read, changed and deleted with every field of the API', async () => {
        const store = await client.vectorStores.create({
          name: 'Help 🚀',
          description: 'What it is for',
          metadata: { team: 'support' },
          expires_after: { anchor: 'last_active_at', days: 3 },
        });
        expect(store).toMatchObject({
          id: expect.stringMatching(/^vs_[0-9a-f]{32}$/),
          object: 'vector_store',
          name: 'Help 🚀',
          description: 'What it is for',
          usage_bytes: 0,
          file_counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
          status: 'completed',
          expires_after: { anchor: 'last_active_at', days: 3 },
          metadata: { team: 'support' },
        });
        expect(store.expires_at).toBe((store.last_active_at ?? 0) + 3 * 86_400);
        expect(await client.vectorStores.retrieve(store.id)).toEqual(store);

        const changed = await client.vectorStores.update(store.id, { name: null, expires_after: null });
        expect(changed).toEqual({ ...store, name: null, expires_after: null, expires_at: null });
        const kept = await client.vectorStores.update(store.id, { metadata: { team: 'sales', n: '1' } });
        expect(kept).toEqual({ ...changed, metadata: { team: 'sales', n: '1' } });

        const deleted = await client.vectorStores.delete(store.id);
        expect(deleted).toEqual({ id: store.id, object: 'vector_store.deleted', deleted: true });
        await expect(client.vectorStores.retrieve(store.id)).rejects.toThrow(server.errors.NotFoundError);
        await expect(client.vectorStores.delete(store.id)).rejects.toThrow(server.errors.NotFoundError);
      });

      it('have nulls for every field that is not set', async () => {
        const store = await client.vectorStores.create({});
        expect(store).toMatchObject({
          name: null,
          description: null,
          expires_after: null,
          expires_at: null,
          metadata: {},
        });
        await client.vectorStores.delete(store.id);
      });

      it('are paged by the SDK in both directions with an exact has_more', async () => {
        const ids: string[] = [];
        const idAt = (index: number) => ids[index] ?? '';
        for (let index = 0; index < 7; index += 1)
          ids.push((await client.vectorStores.create({ name: `p${index}` })).id);
        const listed = async (query: OpenAI.VectorStoreListParams) => {
          const found: string[] = [];
          for await (const store of client.vectorStores.list(query)) found.push(store.id);
          return found.filter((id) => ids.includes(id));
        };
        expect(await listed({ limit: 3, order: 'asc' })).toEqual(ids);
        expect(await listed({ limit: 2, order: 'desc' })).toEqual(ids.toReversed());
        const page = async (query: OpenAI.VectorStoreListParams) => {
          const { data, has_more: hasMore } = await client.vectorStores.list({ order: 'asc', ...query });
          return { ids: data.map((store) => store.id), hasMore };
        };
        expect(await page({ after: idAt(3), limit: 3 })).toEqual({ ids: ids.slice(4), hasMore: false });
        expect(await page({ after: idAt(3), limit: 2 })).toEqual({ ids: ids.slice(4, 6), hasMore: true });
        expect(await page({ before: idAt(3), after: idAt(0), limit: 5 })).toEqual({
          ids: ids.slice(1, 3),
          hasMore: false,
        });
        expect(await page({ after: idAt(6), limit: 5 })).toEqual({ ids: [], hasMore: false });
        for (const id of ids) await client.vectorStores.delete(id);
      });
    });

    describe('files in a store', () => {
      it('can be attached, polled, read, changed, listed and detached', async () => {
        const store = await client.vectorStores.create({});
        const file = await upload(TEXTS.cats);
        const attached = await client.vectorStores.files.create(store.id, {
          file_id: file.id,
          attributes: { lang: 'en', year: 2026, draft: false },
          chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 } },
        });
        expect(attached).toMatchObject({ id: file.id, object: 'vector_store.file', vector_store_id: store.id });
        const done = await client.vectorStores.files.poll(store.id, file.id);
        expect(done).toMatchObject({
          status: 'completed',
          last_error: null,
          attributes: { lang: 'en', year: 2026, draft: false },
          chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 } },
        });
        expect(done.usage_bytes).toBeGreaterThan(TEXTS.cats.length);
        const held = await client.vectorStores.retrieve(store.id);
        expect(held).toMatchObject({ status: 'completed', file_counts: { completed: 1, total: 1 } });
        expect(held.usage_bytes).toBe(done.usage_bytes);

        const key = { vector_store_id: store.id };
        const changed = await client.vectorStores.files.update(file.id, { ...key, attributes: { lang: 'de' } });
        expect(changed.attributes).toEqual({ lang: 'de' });
        expect((await client.vectorStores.files.list(store.id, { filter: 'completed' })).data).toEqual([changed]);
        expect((await client.vectorStores.files.list(store.id, { filter: 'failed' })).data).toEqual([]);
        const content = await client.vectorStores.files.content(file.id, key);
        expect(content.data.map((part) => part.text).join('')).toBe(TEXTS.cats);

        const detached = await client.vectorStores.files.delete(file.id, key);
        expect(detached).toEqual({ id: file.id, object: 'vector_store.file.deleted', deleted: true });
        expect((await client.vectorStores.files.list(store.id)).data).toEqual([]);
        await expect(client.vectorStores.files.retrieve(file.id, key)).rejects.toThrow(server.errors.NotFoundError);
        expect(await client.files.retrieve(file.id)).toEqual(file);
        expect((await client.vectorStores.retrieve(store.id)).usage_bytes).toBe(0);
      });

      it('can be given when the store is created, resolve auto chunking, and fail when they have no text', async () => {
        const file = await upload(TEXTS.law);
        const store = await client.vectorStores.create({ file_ids: [file.id] });
        const done = await client.vectorStores.files.poll(store.id, file.id);
        expect(done.chunking_strategy).toEqual({
          type: 'static',
          static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 },
        });
        const picture = await client.files.create({
          file: new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13])], 'picture.png'),
          purpose: 'assistants',
        });
        const failed = await client.vectorStores.files.createAndPoll(store.id, { file_id: picture.id });
        expect(failed).toMatchObject({ status: 'failed', last_error: { code: 'unsupported_file' } });
        expect(failed.last_error?.message).toMatch(/\w/);
        expect((await client.vectorStores.retrieve(store.id)).file_counts).toMatchObject({
          completed: 1,
          failed: 1,
          total: 2,
        });
      });

      it('can be uploaded and polled in one call', async () => {
        const store = await client.vectorStores.create({});
        const done = await client.vectorStores.files.uploadAndPoll(
          store.id,
          await toFile(Buffer.from('# Title'), 'a.md'),
        );
        expect(done).toMatchObject({ status: 'completed', vector_store_id: store.id, last_error: null });
      });

      it('are removed from every store when the file is deleted', async () => {
        const store = await client.vectorStores.create({});
        const file = await upload(TEXTS.dogs);
        await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id });
        await client.files.delete(file.id);
        expect((await client.vectorStores.files.list(store.id)).data).toEqual([]);
      });
    });

    describe('file batches', () => {
      it('attach files, report progress and list them in pages', async () => {
        const store = await client.vectorStores.create({});
        const ids: string[] = [];
        for (const text of Object.values(TEXTS)) ids.push((await upload(text)).id);
        const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, {
          file_ids: ids,
          attributes: { batch: 1 },
        });
        expect(batch).toMatchObject({
          id: expect.stringMatching(/^vsfb_/),
          object: 'vector_store.file_batch',
          status: 'completed',
          file_counts: { in_progress: 0, completed: 3, failed: 0, cancelled: 0, total: 3 },
        });
        const listed: OpenAI.VectorStores.VectorStoreFile[] = [];
        const pages = client.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store.id, limit: 2 });
        for await (const file of pages) listed.push(file);
        expect(listed.map((file) => file.id).toSorted()).toEqual(ids.toSorted());
        expect(listed.every((file) => file.attributes?.batch === 1)).toBe(true);
      });

      it('accept attributes per file, and can upload and poll in one call', async () => {
        const store = await client.vectorStores.create({});
        const [first, second] = [await upload('one'), await upload('two')];
        const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, {
          files: [{ file_id: first.id, attributes: { n: 1 } }, { file_id: second.id }],
        });
        expect(batch.file_counts.completed).toBe(2);
        const key = { vector_store_id: store.id };
        expect((await client.vectorStores.files.retrieve(first.id, key)).attributes).toEqual({ n: 1 });
        expect((await client.vectorStores.files.retrieve(second.id, key)).attributes).toEqual({});
        const files = [new File(['a'], 'a.txt'), new File(['b'], 'b.md')];
        const more = await client.vectorStores.fileBatches.uploadAndPoll(store.id, { files });
        expect(more).toMatchObject({ status: 'completed', file_counts: { completed: 2, total: 2 } });
      });

      it('do not change when they are cancelled after completion', async () => {
        const store = await client.vectorStores.create({});
        const file = await upload('text');
        const done = await client.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [file.id] });
        expect(await client.vectorStores.fileBatches.cancel(done.id, { vector_store_id: store.id })).toEqual(done);
      });
    });

    describe('search', () => {
      it('finds files by words, best first, within filters, limits and thresholds', async () => {
        const store = await client.vectorStores.create({});
        for (const [topic, text] of Object.entries(TEXTS)) {
          const file = await upload(text, `${topic}.txt`);
          const attributes = { topic, length: text.length, isLaw: topic === 'law' };
          await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id, attributes });
        }
        const search = (body: OpenAI.VectorStoreSearchParams) => client.vectorStores.search(store.id, body);
        const names = async (body: OpenAI.VectorStoreSearchParams) =>
          (await search(body)).data.map((hit) => hit.filename);

        const page = await search({ query: 'cat purrs' });
        expect(page.data[0]).toEqual({
          file_id: expect.stringMatching(/^file-/),
          filename: 'cats.txt',
          score: expect.any(Number),
          attributes: { topic: 'cats', length: TEXTS.cats.length, isLaw: false },
          content: [{ type: 'text', text: TEXTS.cats }],
        });
        const scores = page.data.map((hit) => hit.score);
        expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
        expect(scores[0]).toBeGreaterThan(0.5);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        expect(await names({ query: 'cat', max_num_results: 1 })).toHaveLength(1);
        expect(await names({ query: ['contract law', 'dogs guard'] })).toEqual(
          expect.arrayContaining(['law.txt', 'dogs.txt']),
        );

        const eq = { type: 'eq', key: 'topic', value: 'dogs' } as const;
        expect(await names({ query: 'cat', filters: eq })).toEqual(['dogs.txt']);
        expect(
          await names({
            query: 'sleep',
            filters: {
              type: 'and',
              filters: [
                { type: 'ne', key: 'topic', value: 'dogs' },
                { type: 'eq', key: 'isLaw', value: false },
              ],
            },
          }),
        ).toEqual(['cats.txt']);
        expect(await names({ query: 'sleep', filters: { type: 'gt', key: 'length', value: 10_000 } })).toEqual([]);
        const best = scores[0] ?? 1;
        const strict = await names({ query: 'cat purrs', ranking_options: { score_threshold: best } });
        expect(strict).toEqual(['cats.txt']);
      });

      it('returns one row a chunk with its own text and score, also several of one file', async () => {
        const store = await client.vectorStores.create({});
        const file = await upload(
          Array.from(
            { length: 12 },
            (_, step) => `Zephyr protocol step ${step}: ${'wait, then go on. '.repeat(40)}`,
          ).join('\n'),
          'protocol.md',
        );
        await client.vectorStores.files.createAndPoll(store.id, {
          file_id: file.id,
          chunking_strategy: {
            type: 'static',
            static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 0 },
          },
        });
        for (const rows of [3, 5]) {
          const { data } = await client.vectorStores.search(store.id, {
            query: 'zephyr protocol step',
            max_num_results: rows,
          });
          expect(data.map((row) => row.file_id)).toEqual(Array(rows).fill(file.id));
          expect(data.map((row) => row.content.length)).toEqual(Array(rows).fill(1));
          expect(new Set(data.map((row) => row.content[0]?.text)).size).toBe(rows);
          const scores = data.map((row) => row.score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        }
      });

      it('returns the queries as a list, in one page', async () => {
        const store = await client.vectorStores.create({});
        const response = await client.vectorStores.search(store.id, { query: 'anything' }).asResponse();
        expect(await response.json()).toEqual({
          object: 'vector_store.search_results.page',
          search_query: ['anything'],
          data: [],
          has_more: false,
          next_page: null,
        });
      });
    });

    describe('files', () => {
      it('can be uploaded with an expiry, read, listed by purpose, downloaded and deleted', async () => {
        const file = await client.files.create({
          file: new File(['{"a":1}\n'], 'input.jsonl'),
          purpose: 'fine-tune',
          expires_after: { anchor: 'created_at', seconds: 3600 },
        });
        expect(file).toMatchObject({
          id: expect.stringMatching(/^file-\w{22}$/),
          object: 'file',
          filename: 'input.jsonl',
          bytes: 8,
          purpose: 'fine-tune',
          status: 'processed',
          status_details: null,
        });
        expect(file.expires_at).toBe(file.created_at + 3600);
        expect(await client.files.waitForProcessing(file.id)).toEqual(file);
        expect((await client.files.list({ purpose: 'fine-tune' })).data).toEqual([file]);
        expect(await (await client.files.content(file.id)).text()).toBe('{"a":1}\n');
        expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
        const gone = await refusalOf(client.files.retrieve(file.id));
        expect(gone).toMatchObject({ status: 404, param: 'id', type: 'invalid_request_error' });
        expect(gone.message).toContain(`No such File object: ${file.id}`);
      });

      it('keep names beyond ASCII and bytes of any kind', async () => {
        const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256);
        const file = await client.files.create({ file: new File([bytes], 'größe – 料金 "x".bin'), purpose: 'batch' });
        expect((await client.files.retrieve(file.id)).filename).toBe('größe – 料金 "x".bin');
        const back = new Uint8Array(await (await client.files.content(file.id)).arrayBuffer());
        expect(createHash('sha256').update(back).digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
        await client.files.delete(file.id);
      });

      it('are paged by the SDK', async () => {
        const ids: string[] = [];
        for (let index = 0; index < 5; index += 1) {
          ids.push((await client.files.create({ file: new File([`${index}`], `${index}.txt`), purpose: 'evals' })).id);
        }
        const listed: string[] = [];
        for await (const file of client.files.list({ purpose: 'evals', limit: 2, order: 'asc' })) listed.push(file.id);
        expect(listed).toEqual(ids);
        for (const id of ids) await client.files.delete(id);
      });
    });

    describe('uploads', () => {
      it('join their parts in the requested order into a file', async () => {
        const begun = await client.uploads.create({
          filename: 'big.txt',
          purpose: 'assistants',
          bytes: 10,
          mime_type: 'text/plain',
        });
        expect(begun).toMatchObject({ id: expect.stringMatching(/^upload_/), status: 'pending', bytes: 10 });
        expect(begun.expires_at).toBe(begun.created_at + 3600);
        const second = await client.uploads.parts.create(begun.id, { data: await toFile(Buffer.from('world'), 'b') });
        const first = await client.uploads.parts.create(begun.id, { data: await toFile(Buffer.from('hello'), 'a') });
        const done = await client.uploads.complete(begun.id, {
          part_ids: [first.id, second.id],
          md5: 'fc5e038d38a57032085441e7fe7010b0',
        });
        expect(done).toMatchObject({ status: 'completed', file: { filename: 'big.txt', bytes: 10 } });
        const fileId = done.file?.id ?? '';
        const store = await client.vectorStores.create({});
        await client.vectorStores.files.createAndPoll(store.id, { file_id: fileId });
        const content = await client.vectorStores.files.content(fileId, { vector_store_id: store.id });
        expect(content.data.map((part) => part.text).join('')).toBe('helloworld');
      });

      it('can be cancelled, and reject content that differs from what was announced', async () => {
        const create = () =>
          client.uploads.create({ filename: 'a.txt', purpose: 'assistants', bytes: 3, mime_type: 'text/plain' });
        const cancelled = await create();
        expect((await client.uploads.cancel(cancelled.id)).status).toBe('cancelled');
        await expect(client.uploads.complete(cancelled.id, { part_ids: [] })).rejects.toThrow(
          server.errors.BadRequestError,
        );
        const short = await create();
        await expect(client.uploads.complete(short.id, { part_ids: [] })).rejects.toThrow(
          server.errors.BadRequestError,
        );
      });
    });

    describe('embeddings', () => {
      it('are unit vectors, close for texts that share words, and equal as floats and as base64', async () => {
        const { model, dimensions } = server.embeddings;
        const input = ['the red house', 'the red house', 'the red car', 'unrelated words entirely'];
        const { data, usage } = await client.embeddings.create({ model, input });
        const [first = [], same = [], near = [], far = []] = data.map((item) => item.embedding);
        const dot = (left: number[], right: number[]) =>
          left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
        expect(first).toHaveLength(dimensions);
        expect(dot(first, first)).toBeCloseTo(1, 4);
        expect(same).toEqual(first);
        expect(dot(first, near)).toBeGreaterThan(dot(first, far) + 0.1);
        expect(usage.total_tokens).toBeGreaterThan(0);
        const plain = await client.embeddings.create({ model, input, encoding_format: 'float' });
        expect(plain.data.map((item) => item.embedding)).toEqual(data.map((item) => item.embedding));
      });

      it('of an unknown model are rejected', async () => {
        const error = await refusalOf(client.embeddings.create({ model: 'no-such-model', input: 'x' }));
        expect(error.status).toBe(404);
      });
    });

    it('models can be listed and read by name, the embedding model included', async () => {
      const { data } = await client.models.list();
      const model = data.find(({ id }) => id === server.embeddings.model);
      expect(model).toMatchObject({ object: 'model', created: expect.any(Number), owned_by: expect.any(String) });
      expect(await client.models.retrieve(server.embeddings.model)).toEqual(model);
      expect(await refusalOf(client.models.retrieve('fake_id'))).toMatchObject({
        status: 404,
        code: 'model_not_found',
      });
    });

    describe('errors', () => {
      const anyFile = 'file-0123456789abcdefABCDEF';
      const anyStore = `vs_${'0'.repeat(32)}`;

      it('are SDK error classes with the messages of the real API', async () => {
        const store = await client.vectorStores.create({});
        const key = { vector_store_id: store.id };
        const cases: [() => Promise<unknown>, { status: number; param?: string | null; message: string }][] = [
          [
            () => client.vectorStores.retrieve(anyStore),
            { status: 404, message: `No vector store found with id '${anyStore}'.` },
          ],
          [
            () => client.vectorStores.retrieve('store-1'),
            { status: 400, param: 'vector_store_id', message: "Expected an ID that begins with 'vs_'." },
          ],
          [
            () => client.vectorStores.files.retrieve(anyFile, key),
            { status: 404, message: `No file found with id '${anyFile}' in vector store '${store.id}'.` },
          ],
          [() => client.vectorStores.files.create(store.id, { file_id: anyFile }), { status: 404, message: anyFile }],
          [
            () => client.vectorStores.fileBatches.retrieve('batch-1', key),
            { status: 400, param: 'batch_id', message: "begins with 'vsfb_'." },
          ],
          [
            () => client.vectorStores.list({ limit: 101 }),
            { status: 400, param: 'limit', message: "Invalid 'limit': integer above maximum value." },
          ],
          [
            () => client.vectorStores.list({ limit: 0 }),
            { status: 400, param: 'limit', message: "Invalid 'limit': integer below minimum value." },
          ],
          [
            () => client.vectorStores.create(Object({ colour: 1 })),
            { status: 400, param: 'colour', message: "Unknown parameter: 'colour'." },
          ],
          [
            () =>
              client.vectorStores.create({
                metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v'])),
              }),
            { status: 400, param: 'metadata', message: 'at most 16' },
          ],
          [
            () => client.vectorStores.search(store.id, { query: 'x', max_num_results: 51 }),
            { status: 400, param: 'max_num_results', message: 'above maximum' },
          ],
          [
            () =>
              client.vectorStores.files.create(store.id, { file_id: anyFile, attributes: { long: 'x'.repeat(513) } }),
            { status: 400, message: 'too long' },
          ],
          [
            () => client.files.create({ file: new File(['x'], 'x.txt'), purpose: JSON.parse('"nonsense"') }),
            { status: 400, param: 'purpose', message: "'nonsense' is not one of" },
          ],
        ];
        for (const [call, expected] of cases) {
          const error = await refusalOf(call());
          expect(error.status, error.message).toBe(expected.status);
          expect(error.message).toContain(expected.message);
          if (expected.param !== undefined) expect(error.param).toBe(expected.param);
          expect(error.type).toBe('invalid_request_error');
          // Under another name in major 4.
          expect(error.requestID ?? Object(error).request_id).toMatch(/\w/);
        }
      });

      it('for unknown paths, wrong methods and malformed bodies have the same format', async () => {
        const ask = async (path: string, init: RequestInit) => {
          const headers = { authorization: `Bearer ${client.apiKey}`, ...Object(init.headers) };
          const response = await fetch(`${server.baseUrl}${path}`, { ...init, headers });
          return { status: response.status, body: await response.json() };
        };
        const json = { 'content-type': 'application/json' };
        const shape = { error: { message: expect.any(String), type: 'invalid_request_error', param: null } };
        expect(await ask('/nothing/here', { method: 'GET' })).toMatchObject({ status: 404, body: shape });
        expect(await ask('/vector_stores', { method: 'DELETE' })).toMatchObject({ status: 405, body: shape });
        expect(await ask('/vector_stores', { method: 'POST', headers: json, body: '{"name":' })).toMatchObject({
          status: 400,
          body: shape,
        });
        const form = { 'content-type': 'multipart/form-data; boundary=x' };
        expect(await ask('/files', { method: 'POST', headers: form, body: '--x\r\nbroken' })).toMatchObject({
          status: 400,
          body: { error: { type: 'invalid_request_error' } },
        });
        expect(await ask('/files', { method: 'POST', headers: json, body: '{}' })).toMatchObject({
          status: 400,
          body: { error: { type: 'invalid_request_error' } },
        });
      });
    });
  });
}
