import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import OpenAI, { APIError, BadRequestError, NotFoundError, PermissionDeniedError, RateLimitError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { syncOk } from '../support/sync.ts';

describe('a mirror, through the official SDK', () => {
  let sandbox: RunningSandbox;
  let espejo: Espejo;
  let client: OpenAI;
  let upstream: OpenAI;

  beforeAll(async () => {
    sandbox = await startSandbox({ keys: { 'sk-live': 'proj_a' } });
    espejo = await startEspejo({
      env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-live', ESPEJO_SYNC_ENABLED: 'false' },
    });
    client = new OpenAI({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
    upstream = new OpenAI({ apiKey: 'sk-live', baseURL: sandbox.url });
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox?.close();
  });

  const world = { storeId: '', otherId: '', own: '', shared: '' };
  beforeEach(async () => {
    sandbox.faults.clear();
    const { state } = sandbox;
    world.own = state.createFile({ filename: 'own.md', content: 'Lighthouses guide ships at night.' }).id;
    world.shared = state.createFile({ filename: 'shared.md', content: 'Harbours shelter ships in a storm.' }).id;
    world.storeId = state.createStore({ name: 'Sea', metadata: { team: 'nautics' }, expiresAfterDays: 30 }).id;
    world.otherId = state.createStore({ name: 'Land' }).id;
    state.attach({ storeId: world.storeId, fileId: world.own, attributes: { topic: 'light' } });
    state.attach({ storeId: world.storeId, fileId: world.shared, attributes: { topic: 'harbour' } });
    state.attach({ storeId: world.otherId, fileId: world.shared });
    await syncOk(espejo);
    sandbox.requests.clear();
  });

  const refusalOf = async (call: Promise<unknown>): Promise<APIError> => {
    const error = await call.catch((cause: unknown) => cause);
    if (!(error instanceof APIError)) throw new Error('the call was not refused');
    return error;
  };

  it('reads like upstream with its source and as-of time, without requests to upstream', async () => {
    const { storeId } = world;
    const { data: store, response } = await client.vectorStores.retrieve(storeId).withResponse();
    const asOf = Date.parse(response.headers.get('x-espejo-as-of') ?? '');
    expect(asOf).toBeLessThanOrEqual(Date.now());
    const listed = (await client.vectorStores.list({ limit: 100 })).data.find(({ id }) => id === storeId);
    const file = await client.files.retrieve(world.own);
    const attached = await client.vectorStores.files.list(storeId, { order: 'asc' });
    expect(sandbox.requests.total).toBe(0);

    const live = await upstream.vectorStores.retrieve(storeId);
    expect(store).toEqual({ ...live, source: 'cache' });
    expect(listed).toEqual(store);
    expect(file).toEqual(await upstream.files.retrieve(world.own));
    const liveFiles = (await upstream.vectorStores.files.list(storeId, { order: 'asc' })).data;
    const byId = (rows: OpenAI.VectorStores.VectorStoreFile[]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(attached.data)).toEqual(byId(liveFiles));
  });

  it('is searched upstream with all parameters of the request', async () => {
    const body = {
      query: ['ships at night', 'lighthouse'],
      max_num_results: 3,
      filters: { type: 'eq', key: 'topic', value: 'light' },
      ranking_options: { ranker: 'auto', score_threshold: 0.01 },
    } satisfies OpenAI.VectorStoreSearchParams;
    const found = await client.vectorStores.search(world.storeId, body);
    expect(found.data).toEqual((await upstream.vectorStores.search(world.storeId, body)).data);
    expect(found.data.map((hit) => hit.filename)).toEqual(['own.md']);
    const text = await client.vectorStores.files.content(world.own, { vector_store_id: world.storeId });
    expect(text.data).toEqual([{ type: 'text', text: 'Lighthouses guide ships at night.' }]);
  });

  it('answers 404, which no SDK retries, for parsed content that upstream no longer has', async () => {
    const read = () => client.vectorStores.files.content(world.own, { vector_store_id: world.storeId });
    const route = 'GET /vector_stores/*/files/*/content';
    const expectGone = async () => {
      const before = sandbox.requests.byRoute[route] ?? 0;
      const gone = await refusalOf(read());
      expect(gone).toBeInstanceOf(NotFoundError);
      expect(gone).toMatchObject({ type: 'invalid_request_error', code: null, param: null });
      expect(sandbox.requests.byRoute[route]).toBe(before + 1);
    };
    // Upstream has the file but not its text.
    sandbox.faults.add({ kind: 'status', status: 404, message: 'Not found', path: '/vector_stores/*/files/*/content' });
    await expectGone();
    sandbox.faults.clear();
    expect((await read()).data).toHaveLength(1);
    // Upstream has neither, and the mirror is not yet updated.
    await upstream.files.delete(world.own);
    await expectGone();
  });

  it('rejects every edit with one error that no SDK retries, and sends nothing upstream', async () => {
    const { storeId, own } = world;
    const key = { vector_store_id: storeId };
    const edits = [
      client.vectorStores.update(storeId, { name: 'Mine' }),
      client.vectorStores.update(storeId, Object({ nonsense: 1 })),
      client.vectorStores.files.create(storeId, { file_id: own }),
      client.vectorStores.files.update(own, { ...key, attributes: { a: 1 } }),
      client.vectorStores.files.delete(own, key),
      client.vectorStores.fileBatches.create(storeId, { file_ids: [own] }),
    ];
    for (const edit of await Promise.all(edits.map(refusalOf))) {
      expect(edit).toBeInstanceOf(PermissionDeniedError);
      expect(edit.code).toBe('vector_store_read_only');
      expect(edit.message).toContain('OpenAI project');
    }
    expect(sandbox.requests.total).toBe(0);
  });

  it('does not allow attaching its files to a primary store or downloading their bytes', async () => {
    const mine = await client.vectorStores.create({ name: 'Ours' });
    const lent = await refusalOf(client.vectorStores.files.create(mine.id, { file_id: world.own }));
    expect(lent).toBeInstanceOf(BadRequestError);
    expect(lent.code).toBe('file_mirrored');
    expect((await refusalOf(client.files.content(world.own))).message).toContain('Not allowed to download');
    await client.vectorStores.delete(mine.id);
  });

  it('is deleted with the files that nothing else references, and never with a shared one', async () => {
    const { storeId, own, shared } = world;
    const { data, response } = await client.vectorStores.delete(storeId).withResponse();
    expect(data).toEqual({ id: storeId, object: 'vector_store.deleted', deleted: true });
    expect(response.headers.get('x-espejo-deletion')).toMatch(/^del_/);
    await expect(upstream.vectorStores.retrieve(storeId)).rejects.toThrow(NotFoundError);
    await expect(upstream.files.retrieve(own)).rejects.toThrow(NotFoundError);
    expect((await upstream.files.retrieve(shared)).id).toBe(shared);
    await expect(client.vectorStores.retrieve(storeId)).rejects.toThrow(NotFoundError);
  });

  it('is deleted without its files when the request keeps them', async () => {
    await client.vectorStores.delete(world.storeId, { query: { files: 'keep' } });
    await expect(upstream.vectorStores.retrieve(world.storeId)).rejects.toThrow(NotFoundError);
    expect((await upstream.files.retrieve(world.own)).id).toBe(world.own);
    expect((await upstream.files.retrieve(world.shared)).id).toBe(world.shared);
  });

  it('is not reported as deleted when deleting it failed', async () => {
    sandbox.faults.add({ kind: 'status', status: 403, method: 'DELETE', path: '/files/*' });
    const error = await refusalOf(client.vectorStores.delete(world.storeId));
    expect(error).toMatchObject({ status: 409, code: 'deletion_parked' });
    expect(error.headers?.get('x-should-retry')).toBe('false');
    expect(error.message).toMatch(/del_/);
    expect((await upstream.files.retrieve(world.own)).id).toBe(world.own);
  });

  it('passes errors of upstream on with their status', async () => {
    const search = () => client.vectorStores.search(world.storeId, { query: 'ships' });
    sandbox.faults.add({
      kind: 'status',
      status: 429,
      path: '/vector_stores/*/search',
      headers: { 'retry-after-ms': '1' },
    });
    expect(await refusalOf(search())).toBeInstanceOf(RateLimitError);
    sandbox.faults.clear();
    sandbox.faults.add({ kind: 'status', status: 401, path: '/vector_stores/*/search' });
    const refused = await refusalOf(search());
    // Upstream rejected Espejo's key, not the caller's.
    expect(refused).toMatchObject({ status: 502, code: 'upstream_unauthorized' });
    expect(refused.headers?.get('x-should-retry')).toBe('false');
    sandbox.faults.clear();
    expect((await search()).data.length).toBeGreaterThan(0);
  });
});

describe('while no key is configured', () => {
  it('answers this machine whatever key the SDK sends, and rejects other machines and pages of other sites', async () => {
    await using espejo = await startEspejo({ apiKey: null, env: { ESPEJO_SYNC_ENABLED: 'false' } });
    const baseURL = `${espejo.url}/v1`;
    const client = new OpenAI({ apiKey: 'sk-anything', baseURL });
    expect((await client.vectorStores.list()).data).toEqual(expect.any(Array));
    const foreign = new OpenAI({ apiKey: 'sk-anything', baseURL, defaultHeaders: { origin: 'https://evil.example' } });
    await expect(foreign.vectorStores.list()).rejects.toThrow(PermissionDeniedError);
  });
});

describe('without a valid key', () => {
  it('every request is rejected with an error the SDK understands', async () => {
    await using espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    const client = new OpenAI({ apiKey: 'sk-wrong', baseURL: `${espejo.url}/v1` });
    await expect(client.vectorStores.list()).rejects.toThrow(OpenAI.AuthenticationError);
    await expect(client.vectorStores.list()).rejects.toMatchObject({ code: 'invalid_api_key' });
  });
});
