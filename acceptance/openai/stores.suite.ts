import type OpenAI from 'openai';
import { type APIError, BadRequestError, NotFoundError } from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';

/** Four short texts on subjects without common words, with their attributes. */
const BOOKS = [
  {
    name: 'bees.txt',
    text: 'Honey bees dance to tell their hive where the clover blooms.',
    attributes: { subject: 'nature', pages: 120, isNew: true },
  },
  {
    name: 'bridges.txt',
    text: 'A suspension bridge hangs its deck from steel cables.',
    attributes: { subject: 'engineering', pages: 310, isNew: false },
  },
  {
    name: 'volcanoes.txt',
    text: 'Magma rises through vents until a volcano erupts.',
    attributes: { subject: 'nature', pages: 240, isNew: false },
  },
  {
    name: 'turbines.txt',
    text: 'Wind turbines turn moving air into electric current.',
    attributes: { subject: 'engineering', pages: 95, isNew: true },
  },
];

type Filters = NonNullable<OpenAI.VectorStoreSearchParams['filters']>;

/** What test suites of other servers of this API assert about vector stores, with other texts. */
export function describeStores(open: () => OpenAI): void {
  describe('vector stores as tested by suites of compatible servers', () => {
    let client: OpenAI;
    let storeId = '';
    const ids = new Map<string, string>();
    const newFile = (name: string, text = `text of ${name}`) =>
      client.files.create({ file: new File([text], name), purpose: 'assistants' });

    beforeAll(async () => {
      client = open();
      storeId = (await client.vectorStores.create({ name: 'Library' })).id;
      for (const { name, text, attributes } of BOOKS) {
        const { id } = await newFile(name, text);
        ids.set(name, id);
        await client.vectorStores.files.create(storeId, { file_id: id, attributes });
      }
      for (const id of ids.values()) await client.vectorStores.files.poll(storeId, id);
    });

    const found = async (body: OpenAI.VectorStoreSearchParams) =>
      (await client.vectorStores.search(storeId, body)).data.map(({ filename }) => filename);
    const all = 'bees bridge volcano turbines';

    it.each([
      ['How do honey bees talk to their hive?', 'bees.txt'],
      ['deck and steel cables', 'bridges.txt'],
      ['Why does a volcano erupt?', 'volcanoes.txt'],
      ['electric current from wind', 'turbines.txt'],
    ])('searching for "%s" returns %s first', async (query, filename) => {
      expect((await found({ query, max_num_results: 3 }))[0]).toBe(filename);
    });

    const nature: Filters = { type: 'eq', key: 'subject', value: 'nature' };
    const cases: [string, Filters, string[]][] = [
      ['eq of a text', nature, ['bees.txt', 'volcanoes.txt']],
      ['eq of a number', { type: 'eq', key: 'pages', value: 310 }, ['bridges.txt']],
      ['eq of a truth value', { type: 'eq', key: 'isNew', value: true }, ['bees.txt', 'turbines.txt']],
      ['ne', { type: 'ne', key: 'subject', value: 'nature' }, ['bridges.txt', 'turbines.txt']],
      ['gt', { type: 'gt', key: 'pages', value: 120 }, ['bridges.txt', 'volcanoes.txt']],
      ['gte', { type: 'gte', key: 'pages', value: 120 }, ['bees.txt', 'bridges.txt', 'volcanoes.txt']],
      ['lt', { type: 'lt', key: 'pages', value: 120 }, ['turbines.txt']],
      ['lte', { type: 'lte', key: 'pages', value: 120 }, ['bees.txt', 'turbines.txt']],
      ['in', { type: 'in', key: 'subject', value: ['nature', 'music'] }, ['bees.txt', 'volcanoes.txt']],
      ['nin', { type: 'nin', key: 'subject', value: ['nature', 'music'] }, ['bridges.txt', 'turbines.txt']],
      ['and', { type: 'and', filters: [nature, { type: 'gt', key: 'pages', value: 200 }] }, ['volcanoes.txt']],
      [
        'or',
        {
          type: 'or',
          filters: [
            { type: 'lt', key: 'pages', value: 100 },
            { type: 'gt', key: 'pages', value: 300 },
          ],
        },
        ['bridges.txt', 'turbines.txt'],
      ],
      [
        'and within or',
        {
          type: 'or',
          filters: [
            { type: 'and', filters: [nature, { type: 'eq', key: 'isNew', value: true }] },
            { type: 'eq', key: 'pages', value: 95 },
          ],
        },
        ['bees.txt', 'turbines.txt'],
      ],
      ['a key that no file has', { type: 'eq', key: 'colour', value: 'red' }, []],
    ];
    it.each(cases)('a filter by %s returns exactly the matching files', async (_, filters, expected) => {
      expect((await found({ query: all, filters, max_num_results: 50 })).toSorted()).toEqual(expected);
    });

    it('a filter that is a map of values or has an unknown operator is rejected', async () => {
      for (const filters of [{ subject: 'nature' }, { type: 'like', key: 'subject', value: 'n' }]) {
        await expect(found({ query: all, filters: filters as unknown as Filters })).rejects.toThrow(BadRequestError);
      }
    });

    it('search returns no more rows than requested, none below the threshold, and none for an empty store', async () => {
      expect(await found({ query: all, max_num_results: 2 })).toHaveLength(2);
      const { data } = await client.vectorStores.search(storeId, {
        query: 'honey bees dance',
        ranking_options: { score_threshold: 0.3 },
      });
      expect(data.length).toBeGreaterThan(0);
      expect(data.every(({ score }) => score >= 0.3)).toBe(true);
      const empty = await client.vectorStores.create({});
      expect((await client.vectorStores.search(empty.id, { query: all })).data).toEqual([]);
      await client.vectorStores.delete(empty.id);
    });

    it('two stores may have the same name', async () => {
      const twins = [
        await client.vectorStores.create({ name: 'twin' }),
        await client.vectorStores.create({ name: 'twin' }),
      ];
      expect(new Set(twins.map(({ id }) => id)).size).toBe(2);
      for (const { id } of twins) {
        await client.vectorStores.delete(id);
        await expect(client.vectorStores.delete(id)).rejects.toThrow(NotFoundError);
      }
    });

    it('a store counts its files and lists them in pages and by status', async () => {
      expect((await client.vectorStores.retrieve(storeId)).file_counts).toEqual({
        in_progress: 0,
        completed: BOOKS.length,
        failed: 0,
        cancelled: 0,
        total: BOOKS.length,
      });
      const first = await client.vectorStores.files.list(storeId, { limit: 3, order: 'asc' });
      expect([first.data.length, first.has_more]).toEqual([3, true]);
      const rest = await first.getNextPage();
      expect([rest.data.length, rest.has_more]).toEqual([1, false]);
      expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual([...ids.values()]);
      for (const filter of ['in_progress', 'failed', 'cancelled'] as const) {
        expect((await client.vectorStores.files.list(storeId, { filter })).data).toEqual([]);
      }
      const wrong = client.vectorStores.files.list(storeId, { filter: 'done' as 'failed' });
      await expect(wrong).rejects.toThrow(BadRequestError);
    });

    it('updating a store keeps its files and its creation time', async () => {
      const before = await client.vectorStores.retrieve(storeId);
      const after = await client.vectorStores.update(storeId, { name: 'Bookshelf', metadata: { floor: '2' } });
      expect(after).toMatchObject({ name: 'Bookshelf', metadata: { floor: '2' }, created_at: before.created_at });
      expect(after.file_counts).toEqual(before.file_counts);
    });

    it('updating attributes changes filter results at once', async () => {
      const id = ids.get('bees.txt') ?? '';
      const key = { vector_store_id: storeId };
      await client.vectorStores.files.update(id, { ...key, attributes: { subject: 'food' } });
      expect(await found({ query: all, filters: { type: 'eq', key: 'subject', value: 'food' } })).toEqual(['bees.txt']);
      expect(await found({ query: 'honey bees', filters: nature })).not.toContain('bees.txt');
      await client.vectorStores.files.update(id, { ...key, attributes: { ...BOOKS[0]?.attributes } });
    });

    it('a detached file is not found, and is found again after attaching it again', async () => {
      const id = ids.get('turbines.txt') ?? '';
      const key = { vector_store_id: storeId };
      await client.vectorStores.files.delete(id, key);
      expect(await found({ query: 'wind turbines' })).not.toContain('turbines.txt');
      await expect(client.vectorStores.files.retrieve(id, key)).rejects.toThrow(NotFoundError);
      const again = await client.vectorStores.files.createAndPoll(storeId, {
        file_id: id,
        attributes: { ...BOOKS[3]?.attributes },
      });
      expect(again.status).toBe('completed');
      expect((await found({ query: 'wind turbines' }))[0]).toBe('turbines.txt');
    });

    it('the content of a file is what was sent, and a file in two stores is found in both', async () => {
      const id = ids.get('bridges.txt') ?? '';
      const text = (await client.vectorStores.files.content(id, { vector_store_id: storeId })).data.map(
        (part) => part.text,
      );
      expect(text.join('')).toBe(BOOKS[1]?.text);
      const other = await client.vectorStores.create({ file_ids: [id] });
      await client.vectorStores.files.poll(other.id, id);
      const { data } = await client.vectorStores.search(other.id, { query: 'suspension bridge' });
      expect(data.map(({ file_id: fileId }) => fileId)).toEqual([id]);
      await client.vectorStores.delete(other.id);
      expect((await found({ query: 'suspension bridge' }))[0]).toBe('bridges.txt');
    });

    it('a file keeps its chunking strategy, automatic or as requested', async () => {
      const store = await client.vectorStores.create({});
      const own = { type: 'static', static: { max_chunk_size_tokens: 120, chunk_overlap_tokens: 20 } } as const;
      const given = await client.vectorStores.files.createAndPoll(store.id, {
        file_id: (await newFile('own.md')).id,
        chunking_strategy: own,
      });
      expect(given.chunking_strategy).toEqual(own);
      const auto = await client.vectorStores.files.createAndPoll(store.id, {
        file_id: (await newFile('auto.md')).id,
        chunking_strategy: { type: 'auto' },
      });
      expect(auto.chunking_strategy).toMatchObject({
        static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 },
      });
      for (const wrong of [
        { type: 'static', static: { max_chunk_size_tokens: 99, chunk_overlap_tokens: 0 } },
        { type: 'static', static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 101 } },
        { type: 'contextual' },
      ]) {
        const body = { file_id: ids.get('bees.txt') ?? '', chunking_strategy: wrong as unknown as typeof own };
        await expect(client.vectorStores.files.create(store.id, body)).rejects.toThrow(BadRequestError);
      }
    });

    it('a batch counts its files and can be read by its id; a malformed id or one of another store is rejected', async () => {
      const store = await client.vectorStores.create({});
      const files = await Promise.all(['one', 'two', 'three'].map((name) => newFile(`${name}.txt`)));
      const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, {
        file_ids: files.map(({ id }) => id),
      });
      expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 3, total: 3 } });
      expect(await client.vectorStores.fileBatches.retrieve(batch.id, { vector_store_id: store.id })).toEqual(batch);
      const elsewhere = client.vectorStores.fileBatches.retrieve(batch.id, { vector_store_id: storeId });
      await expect(elsewhere).rejects.toThrow(NotFoundError);
      const form = client.vectorStores.fileBatches.retrieve('batch-1', { vector_store_id: store.id });
      await expect(form).rejects.toThrow(BadRequestError);
      const both = { file_ids: [files[0]?.id ?? ''], files: [{ file_id: files[1]?.id ?? '' }] };
      await expect(client.vectorStores.fileBatches.create(store.id, both)).rejects.toThrow(BadRequestError);
    });

    it('an unknown id is answered 404 by every endpoint', async () => {
      const none = `vs_${'0'.repeat(32)}`;
      const key = { vector_store_id: none };
      const calls = [
        client.vectorStores.retrieve(none),
        client.vectorStores.update(none, { name: 'x' }),
        client.vectorStores.delete(none),
        client.vectorStores.search(none, { query: 'x' }),
        client.vectorStores.files.list(none),
        client.vectorStores.files.create(none, { file_id: ids.get('bees.txt') ?? '' }),
        client.vectorStores.files.retrieve('file-0123456789abcdefABCDEF', key),
        client.vectorStores.files.content('file-0123456789abcdefABCDEF', key),
        client.vectorStores.fileBatches.create(none, { file_ids: [ids.get('bees.txt') ?? ''] }),
        client.files.retrieve('file-0123456789abcdefABCDEF'),
      ];
      for (const outcome of await Promise.allSettled(calls)) {
        const { status, type } = (outcome as { reason?: APIError }).reason ?? {};
        expect([status, type]).toEqual([404, 'invalid_request_error']);
      }
    });
  });
}
