import OpenAI, { APIError, AuthenticationError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';

const PAGE = 'https://app.example.com';
const WRONG_KEY = 'sk-wrong-key-of-the-test-1234';

describe('behaviour that clients of the real API rely on', () => {
  let espejo: Espejo;
  let client: OpenAI;
  let storeId = '';
  let fileId = '';

  beforeAll(async () => {
    espejo = await startEspejo({
      env: { ESPEJO_SYNC_ENABLED: 'false', ESPEJO_CORS_ORIGINS: `${PAGE}, http://localhost:5173` },
    });
    client = new OpenAI({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
    fileId = (await client.files.create({ file: new File(['words'], 'a.txt'), purpose: 'assistants' })).id;
    storeId = (await client.vectorStores.create({ name: 'Wire', file_ids: [fileId] })).id;
  });
  afterAll(() => espejo?.[Symbol.asyncDispose]());

  const newFile = async (name = 'n.txt') =>
    (await client.files.create({ file: new File([`text of ${name}`], name), purpose: 'user_data' })).id;
  const send = (method: string, path: string, json?: unknown, headers: Record<string, string> = {}) =>
    espejo.request(method, path.replace(':store', storeId).replace(':file', fileId), {
      ...(json !== undefined && { json }),
      headers,
    });

  describe('errors have the type, code and param of the recorded ones', () => {
    const pairs = (count: number, value: unknown = 'v') =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));
    const error = (message: string, param: string | null, code: string | null) => ({
      message,
      type: 'invalid_request_error',
      param,
      code,
    });
    const cases: [string, string, string, unknown, number, object][] = [
      [
        'an unknown file',
        'GET',
        '/v1/files/fake_id',
        undefined,
        404,
        error('No such File object: fake_id', 'id', null),
      ],
      [
        'content of an unknown file',
        'GET',
        '/v1/files/fake_id/content',
        undefined,
        404,
        error('No such File object: fake_id', 'id', null),
      ],
      [
        'an unknown store',
        'GET',
        `/v1/vector_stores/vs_${'0'.repeat(32)}`,
        undefined,
        404,
        error(`No vector store found with id 'vs_${'0'.repeat(32)}'.`, null, null),
      ],
      [
        'an id of another form',
        'GET',
        '/v1/vector_stores/:store/file_batches/fake_id',
        undefined,
        400,
        error("Invalid 'batch_id': 'fake_id'. Expected an ID that begins with 'vsfb_'.", 'batch_id', 'invalid_value'),
      ],
      [
        'a store made of an unknown file',
        'POST',
        '/v1/vector_stores',
        { file_ids: ['file-x'] },
        404,
        error('Files [file-x] were not found', null, null),
      ],
      [
        'an unknown file attached',
        'POST',
        '/v1/vector_stores/:store/files',
        { file_id: 'file-x' },
        404,
        error('Files [file-x] were not found', null, null),
      ],
      [
        'a batch of unknown files',
        'POST',
        '/v1/vector_stores/:store/file_batches',
        { file_ids: ['file-x', ':file', 'file-y'] },
        404,
        error('Files [file-x, file-y] were not found', null, null),
      ],
      [
        'too much metadata',
        'POST',
        '/v1/vector_stores',
        { metadata: pairs(17) },
        400,
        error(
          "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead.",
          'metadata',
          'object_above_max_properties',
        ),
      ],
      [
        'too many attributes',
        'POST',
        '/v1/vector_stores/:store/files',
        { file_id: ':file', attributes: pairs(17, 1) },
        400,
        error(
          "Invalid 'attributes': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead.",
          'attributes',
          'object_above_max_properties',
        ),
      ],
      [
        'a number that lost digits',
        'POST',
        '/v1/vector_stores/:store/files',
        { file_id: ':file', attributes: { n: 2 ** 53 } },
        400,
        error(
          "Invalid 'attributes.n': integer above maximum value. Expected a value <= 9007199254740991, but got 9007199254740992 instead.",
          'attributes.n',
          'integer_above_max_value',
        ),
      ],
      [
        'a limit that is no number',
        'GET',
        '/v1/vector_stores?limit=abc',
        undefined,
        400,
        error("Invalid type for 'limit': expected an integer, but got a string instead.", 'limit', 'invalid_type'),
      ],
      [
        'a limit that is not whole',
        'GET',
        '/v1/vector_stores?limit=1.5',
        undefined,
        400,
        error("Invalid type for 'limit': expected an integer, but got a decimal instead.", 'limit', 'invalid_type'),
      ],
      [
        'a body that is null',
        'POST',
        '/v1/vector_stores',
        null,
        400,
        error('Invalid body: expected an object, but got null instead.', null, 'invalid_type'),
      ],
      [
        'a filter without type',
        'POST',
        '/v1/vector_stores/:store/search',
        { query: 'q', filters: { key: 'a', value: 1 } },
        400,
        { type: 'invalid_request_error', param: 'filters.type', code: 'missing_required_parameter' },
      ],
      [
        'a filter without value',
        'POST',
        '/v1/vector_stores/:store/search',
        { query: 'q', filters: { type: 'eq', key: 'a' } },
        400,
        { type: 'invalid_request_error', param: 'filters.value', code: 'missing_required_parameter' },
      ],
      [
        'an unknown model',
        'POST',
        '/v1/embeddings',
        { input: 'x', model: 'text-embedding-3-small' },
        404,
        { type: 'invalid_request_error', code: 'model_not_found' },
      ],
      [
        'a model that is looked for',
        'GET',
        '/v1/models/fake_id',
        undefined,
        404,
        error("The model 'fake_id' does not exist", 'model', 'model_not_found'),
      ],
      [
        'too few dimensions',
        'POST',
        '/v1/embeddings',
        { input: 'x', model: 'lexical-384', dimensions: -42 },
        400,
        error("-42 is less than the minimum of 1 - 'dimensions'", null, null),
      ],
      [
        'other dimensions than the model has',
        'POST',
        '/v1/embeddings',
        { input: 'x', model: 'lexical-384', dimensions: 256 },
        400,
        error('This model does not support specifying dimensions.', null, null),
      ],
      [
        'a token that is none',
        'POST',
        '/v1/embeddings',
        { input: [999_999], model: 'lexical-384' },
        400,
        { param: 'input', code: 'invalid_value' },
      ],
      [
        'a path that cannot be decoded',
        'GET',
        '/v1/files/%zz',
        undefined,
        400,
        error('The request could not be read.', null, null),
      ],
      [
        'an id that is too long',
        'GET',
        `/v1/files/${'f'.repeat(1_000)}`,
        undefined,
        400,
        { type: 'invalid_request_error', param: null, code: null },
      ],
      ['a path that is none', 'POST', '/v1/responses', {}, 404, error('Invalid URL (POST /v1/responses)', null, null)],
    ];
    it.each(cases)('are returned for %s', async (_, method, path, json, status, expected) => {
      const body = json === undefined ? undefined : JSON.parse(JSON.stringify(json).replaceAll(':file', fileId));
      const answer = await send(method, path, body);
      expect({ status: answer.status, error: Object(answer.json).error }).toMatchObject({ status, error: expected });
    });

    it('list the valid purposes in the recorded order for a wrong purpose', async () => {
      const wrong = client.files.create({ file: new File(['x'], 'a.txt'), purpose: 'fun' as 'assistants' });
      await expect(wrong).rejects.toThrow(
        "'fun' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'",
      );
    });

    it('are returned for a wrong key and for a missing one', async () => {
      const wrong = await new OpenAI({ apiKey: WRONG_KEY, baseURL: `${espejo.url}/v1`, maxRetries: 0 }).files
        .list()
        .catch((cause: unknown) => cause);
      expect(wrong).toBeInstanceOf(AuthenticationError);
      expect(wrong).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key', param: null });
      expect(String(wrong)).toContain('Incorrect API key provided: sk-w');
      expect(String(wrong)).not.toContain(WRONG_KEY);
      const none = await fetch(`${espejo.url}/v1/files`);
      expect([none.status, await none.json()]).toEqual([
        401,
        expect.objectContaining({
          error: {
            type: 'invalid_request_error',
            code: null,
            param: null,
            message: expect.stringContaining("You didn't provide an API key"),
          },
        }),
      ]);
    });
  });

  describe('deleting while paging', () => {
    const LIMIT = 3;
    it('files reaches every file', async () => {
      const made = await Promise.all(Array.from({ length: 7 }, (_, index) => newFile(`paged-${index}.txt`)));
      const seen: string[] = [];
      for await (const file of client.files.list({ limit: LIMIT, purpose: 'user_data', order: 'asc' })) {
        seen.push(file.id);
        await client.files.delete(file.id);
      }
      expect(seen).toEqual(expect.arrayContaining(made));
      expect((await client.files.list({ purpose: 'user_data' })).data).toEqual([]);
    });

    it.each(['asc', 'desc'] as const)('files of a store reaches every file, %s, detached or deleted', async (order) => {
      const ids = await Promise.all(Array.from({ length: 8 }, (_, index) => newFile(`of-store-${index}.txt`)));
      const { id } = await client.vectorStores.create({ file_ids: ids });
      const seen: string[] = [];
      for await (const file of client.vectorStores.files.list(id, { limit: LIMIT, order })) {
        seen.push(file.id);
        if (seen.length % 2 === 0) await client.vectorStores.files.delete(file.id, { vector_store_id: id });
        else await client.files.delete(file.id);
      }
      expect(seen.toSorted()).toEqual(ids.toSorted());
      expect((await client.vectorStores.files.list(id)).data).toEqual([]);
      for (const fileId of ids) await client.files.delete(fileId).catch(() => undefined);
    });

    it('stores reaches every store, and files of a batch every file', async () => {
      for (let index = 0; index < 7; index += 1) await client.vectorStores.create({ name: `paged ${index}` });
      let count = 0;
      for await (const store of client.vectorStores.list({ limit: LIMIT })) {
        if (store.name?.startsWith('paged') !== true) continue;
        count += 1;
        await client.vectorStores.delete(store.id);
      }
      expect(count).toBe(7);
      const ids = await Promise.all(Array.from({ length: 7 }, (_, index) => newFile(`of-batch-${index}.txt`)));
      const { id } = await client.vectorStores.create({});
      const batch = await client.vectorStores.fileBatches.create(id, { file_ids: ids });
      const seen: string[] = [];
      for await (const file of client.vectorStores.fileBatches.listFiles(batch.id, {
        vector_store_id: id,
        limit: LIMIT,
      })) {
        seen.push(file.id);
        await client.vectorStores.files.delete(file.id, { vector_store_id: id });
      }
      expect(seen.toSorted()).toEqual(ids.toSorted());
    });

    it('still rejects a cursor that was never in the list', async () => {
      for (const path of ['/v1/files?after=file-never', '/v1/vector_stores/:store/files?after=file-never']) {
        expect(await send('GET', path)).toMatchObject({ status: 400 });
      }
    });
  });

  it('token ids are decoded and embedded as text', async () => {
    const embed = async (input: OpenAI.EmbeddingCreateParams['input']) =>
      (await client.embeddings.create({ model: 'lexical-384', input })).data.map(({ embedding }) => embedding);
    const [text] = await embed('Hello, world');
    expect(await embed([9906, 11, 1917])).toEqual([text]);
    expect(await embed([[9906, 11, 1917], [9906]])).toEqual([text, ...(await embed('Hello'))]);
    expect(await embed('Hello, world')).toEqual([text]);
    const same = await client.embeddings.create({ model: 'lexical-384', input: 'x', dimensions: 384 });
    expect(same.data[0]?.embedding).toHaveLength(384);
  });

  it('the list of models contains the embedding models', async () => {
    expect((await client.models.list()).data).toEqual([
      { id: 'lexical-384', object: 'model', created: 0, owned_by: 'espejo' },
    ]);
    expect((await client.models.retrieve('lexical-384')).id).toBe('lexical-384');
  });

  it('files attached later are chunked with the strategy of the store', async () => {
    const made = await client.vectorStores.create({
      chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 } },
    });
    const id = await newFile('later.txt');
    const attached = await client.vectorStores.files.create(made.id, { file_id: id });
    expect(attached.chunking_strategy).toEqual({
      type: 'static',
      static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 },
    });
    const auto = await client.vectorStores.create({ chunking_strategy: { type: 'auto' } });
    const other = await client.vectorStores.files.create(auto.id, { file_id: await newFile('auto.txt') });
    expect(other.chunking_strategy).toMatchObject({ static: { max_chunk_size_tokens: 800 } });
  });

  it('length limits count characters, not UTF-16 code units', async () => {
    const attributes = { ['😀'.repeat(40)]: '😀'.repeat(300), note: '😀'.repeat(512) };
    const id = await newFile('characters.txt');
    expect((await client.vectorStores.files.create(storeId, { file_id: id, attributes })).attributes).toEqual(
      attributes,
    );
    for (const wrong of [{ ['😀'.repeat(65)]: 1 }, { a: '😀'.repeat(513) }]) {
      const refused = await client.vectorStores.files
        .create(storeId, { file_id: id, attributes: wrong })
        .catch((cause: unknown) => cause);
      expect(refused).toBeInstanceOf(APIError);
      expect((refused as APIError).status).toBe(400);
    }
  });

  it('HEAD is answered like GET without a body, and rejected where there is no GET', async () => {
    for (const path of [
      '/v1/files',
      `/v1/files/${fileId}`,
      `/v1/files/${fileId}/content`,
      `/v1/vector_stores/${storeId}`,
    ]) {
      const [head, get] = [await send('HEAD', path), await send('GET', path)];
      expect([path, head.status, head.text, head.headers.get('content-length')]).toEqual([
        path,
        200,
        '',
        get.headers.get('content-length'),
      ]);
    }
    const refused = await send('HEAD', '/v1/embeddings');
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await send('PUT', '/v1/files')).headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await send('HEAD', '/v1/files/file-none')).status).toBe(404);
  });

  it('a body in an unsupported content encoding is rejected', async () => {
    const gzip = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    for (const path of ['/v1/vector_stores', '/v1/files', '/api/vector-stores']) {
      const answer = await espejo.request('POST', path, { body: new Uint8Array([31, 139, 8, 0]), headers: gzip });
      expect([path, answer.status, Object(answer.json).error.code]).toEqual([path, 415, 'unsupported_media_type']);
    }
    const identity = { 'content-encoding': 'identity' };
    expect((await send('POST', '/v1/vector_stores', { name: 'plain' }, identity)).status).toBe(200);
  });

  describe('web pages of other origins', () => {
    const ask = (origin: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(`${espejo.url}/v1/files`, { method, headers: { origin, ...headers } });
    const key = { authorization: `Bearer ${API_KEY}` };
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, x-stainless-os',
    };

    it('may call with a key when they are configured', async () => {
      for (const origin of [PAGE, 'http://localhost:5173']) {
        const before = await ask(origin, preflight, 'OPTIONS');
        expect([before.status, before.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
        expect(before.headers.get('access-control-allow-headers')).toBe('authorization, x-stainless-os');
        expect(before.headers.get('access-control-allow-methods')).toContain('POST');
        expect(before.headers.get('access-control-allow-credentials')).toBeNull();
        const answer = await ask(origin, key);
        expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
        expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
        // An error must be readable too.
        const refused = await ask(origin, { authorization: 'Bearer wrong-key-of-a-page' });
        expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
        expect((await ask(origin)).status).toBe(401);
      }
    });

    it('get no CORS headers when they are not configured, and none outside /v1', async () => {
      for (const origin of ['https://evil.example', 'null', 'http://app.example.com', `${PAGE}.evil.example`]) {
        const before = await ask(origin, preflight, 'OPTIONS');
        expect(before.headers.get('access-control-allow-origin')).toBeNull();
        expect(before.status).toBeGreaterThanOrEqual(400);
        expect((await ask(origin, key)).headers.get('access-control-allow-origin')).toBeNull();
      }
      const console = await fetch(`${espejo.url}/api/vector-stores`, { headers: { origin: PAGE, ...key } });
      expect(console.headers.get('access-control-allow-origin')).toBeNull();
    });
  });
});
