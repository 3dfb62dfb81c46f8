import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';

interface Place {
  readonly client: OpenAI;
  readonly baseUrl: string;
  readonly apiKey: string;
}

const REFUSED = 'invalid_request_error';
const NO_FILE = { type: REFUSED, code: null, param: 'id', message: 'No such File object: fake_id' };
const KEYS = {
  store: [
    ...['id', 'object', 'created_at', 'name', 'description', 'usage_bytes', 'file_counts', 'status', 'expires_after'],
    ...['expires_at', 'last_active_at', 'metadata'],
  ],
  storeFile: [
    ...['id', 'object', 'usage_bytes', 'created_at', 'vector_store_id', 'status', 'last_error', 'chunking_strategy'],
    'attributes',
  ],
  file: ['object', 'id', 'purpose', 'filename', 'bytes', 'created_at', 'expires_at', 'status', 'status_details'],
  batch: ['id', 'object', 'created_at', 'status', 'vector_store_id', 'file_counts'],
  upload: ['id', 'object', 'bytes', 'created_at', 'filename', 'purpose', 'status', 'expires_at'],
};

/** Recordings of the real API, repeated with other files and names. */
export function describeRecordings(place: () => Place): void {
  const send = async (method: string, path: string, init: { json?: unknown; form?: FormData; key?: string } = {}) => {
    const { baseUrl, apiKey } = place();
    const { json, form, key = apiKey } = init;
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(form && { body: form }),
    });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  };
  const upload = async (name: string, text = `text of ${name}`) => {
    const form = new FormData();
    form.set('purpose', 'assistants');
    form.set('file', new File([text], name));
    return (await send('POST', '/files', { form })).body;
  };
  const idOf = ({ id }: Record<string, unknown>) => String(id);

  describe('a recorded session', () => {
    it('has the recorded fields, nulls and states, and adds only `source` on stores', async () => {
      const file = await upload('recorded.txt', 'twenty-one bytes here');
      expect(Object.keys(file)).toEqual(KEYS.file);
      expect(file).toMatchObject({ bytes: 21, expires_at: null, status: 'processed', status_details: null });

      const { body: store } = await send('POST', '/vector_stores', {
        json: { file_ids: [idOf(file)], chunking_strategy: { type: 'auto' } },
      });
      expect(Object.keys(store)).toEqual([...KEYS.store, 'source']);
      expect(store).toMatchObject({
        name: null,
        description: null,
        expires_after: null,
        expires_at: null,
        metadata: {},
      });
      expect(store.last_active_at).toBe(store.created_at);
      expect(idOf(store)).toMatch(/^vs_[0-9a-f]{32}$/);

      const { body: attached } = await send('GET', `/vector_stores/${idOf(store)}/files/${idOf(file)}`);
      expect(Object.keys(attached)).toEqual(KEYS.storeFile);
      // Auto chunking is resolved to its parameters from the start.
      expect(attached).toMatchObject({
        attributes: {},
        chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
      });
      const list = await send('GET', `/vector_stores/${idOf(store)}/files`);
      expect(Object.keys(list.body).sort()).toEqual(['data', 'first_id', 'has_more', 'last_id', 'object']);
      expect(list.body).toMatchObject({ object: 'list', first_id: idOf(file), last_id: idOf(file), has_more: false });

      const detached = await send('DELETE', `/vector_stores/${idOf(store)}/files/${idOf(file)}`);
      expect(detached.body).toEqual({ id: idOf(file), object: 'vector_store.file.deleted', deleted: true });
      const deleted = await send('DELETE', `/vector_stores/${idOf(store)}`);
      expect(deleted.body).toEqual({ id: idOf(store), object: 'vector_store.deleted', deleted: true });
      const gone = await send('DELETE', `/files/${idOf(file)}`);
      expect(gone.body).toEqual({ object: 'file', deleted: true, id: idOf(file) });
      expect(Object.keys(gone.body)).toEqual(['object', 'deleted', 'id']);
    });

    it('expires a store with an expiry of days that many days after its last use, to the second', async () => {
      for (const days of [3, 7]) {
        const { body } = await send('POST', '/vector_stores', {
          json: { expires_after: { anchor: 'last_active_at', days } },
        });
        expect(body.expires_at).toBe(Number(body.last_active_at) + days * 86_400);
        await send('DELETE', `/vector_stores/${idOf(body)}`);
      }
    });

    it('lists a batch of ten files in pages of 3, 3, 3 and 1, with no empty page after them', async () => {
      const files = await Promise.all(Array.from({ length: 10 }, (_, at) => upload(`batch-${at}.txt`)));
      const { body: store } = await send('POST', '/vector_stores', { json: {} });
      const path = `/vector_stores/${idOf(store)}/file_batches`;
      const { body: batch } = await send('POST', path, { json: { file_ids: files.map(idOf) } });
      expect(Object.keys(batch)).toEqual(KEYS.batch);
      expect(batch).toMatchObject({ object: 'vector_store.file_batch', file_counts: { total: 10 } });
      expect(idOf(batch)).toMatch(/^vsfb_/);
      const sizes: number[] = [];
      const seen = new Set<string>();
      let after = '';
      for (let hasMore = true; hasMore; ) {
        const { body } = await send('GET', `${path}/${idOf(batch)}/files?limit=3${after}`);
        const {
          data,
          last_id: lastId,
          has_more: more,
        } = body as { data: { id: string }[]; last_id: string; has_more: boolean };
        sizes.push(data.length);
        for (const { id } of data) seen.add(id);
        after = `&after=${lastId}`;
        hasMore = more;
      }
      expect(sizes).toEqual([3, 3, 3, 1]);
      expect(seen.size).toBe(10);
    });

    it('creates the file of an upload only when it is completed, within an hour', async () => {
      const bytes = Buffer.from('eight by');
      const announce = { filename: 'parts.jsonl', purpose: 'fine-tune', bytes: bytes.length, mime_type: 'text/jsonl' };
      const { body: begun } = await send('POST', '/uploads', { json: announce });
      expect(Object.keys(begun)).toEqual(KEYS.upload);
      expect(begun.expires_at).toBe(Number(begun.created_at) + 3_600);
      const form = new FormData();
      form.set('data', new Blob([bytes]));
      const { body: part } = await send('POST', `/uploads/${idOf(begun)}/parts`, { form });
      expect(Object.keys(part)).toEqual(['id', 'object', 'created_at', 'upload_id']);
      const json = { part_ids: [idOf(part)] };
      const { body: done } = await send('POST', `/uploads/${idOf(begun)}/complete`, { json });
      expect(Object.keys(done)).toEqual([...KEYS.upload, 'file']);
      expect(Object.keys(Object(done.file))).toEqual(KEYS.file);
      const { body: other } = await send('POST', '/uploads', { json: announce });
      const cancelled = await send('POST', `/uploads/${idOf(other)}/cancel`);
      expect(cancelled.body).toEqual({ ...other, status: 'cancelled' });
    });

    it('lists stores newest first, and an empty list with null ids for its ends', async () => {
      const made: string[] = [];
      for (let at = 0; at < 4; at += 1) {
        made.unshift(idOf((await send('POST', '/vector_stores', { json: { name: `listed ${at}` } })).body));
      }
      const { body } = await send('GET', '/vector_stores?order=desc&limit=4');
      expect((body.data as { id: string }[]).map(({ id }) => id)).toEqual(made);
      const empty = await send('GET', `/vector_stores/${made[0]}/files`);
      expect(empty.body).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
      for (const id of made) await send('DELETE', `/vector_stores/${id}`);
    });

    it('has the headers of the real API on every answer', async () => {
      for (const path of ['/vector_stores', '/files', '/files/fake_id', '/nothing']) {
        const { headers } = await send('GET', path);
        expect(headers.get('x-request-id')).toMatch(/\w/);
        expect(headers.get('openai-version')).toBe('2020-10-01');
        expect(Number(headers.get('openai-processing-ms'))).toBeGreaterThan(0);
        expect(headers.get('content-type')).toMatch(/^application\/json/);
      }
    });

    it('accepts the headers of the Assistants beta and of the SDKs and ignores them', async () => {
      const { client } = place();
      const headers = { 'OpenAI-Beta': 'assistants=v2', 'X-Stainless-Poll-Helper': 'true', 'OpenAI-Project': 'proj_x' };
      const store = await client.vectorStores.create({ name: 'beta' }, { headers });
      expect(await client.vectorStores.retrieve(store.id)).toEqual(store);
      await client.vectorStores.delete(store.id);
    });
  });

  describe('recorded errors', () => {
    const detailed = (error: { message: string; code: string | null }) => ({
      message: error.message,
      code: error.code,
    });

    it.each([
      ['GET', '/files/fake_id'],
      ['DELETE', '/files/fake_id'],
      ['GET', '/files/fake_id/content'],
    ])('%s %s reports an unknown file in both places that the real API uses', async (method, path) => {
      const { status, body } = await send(method, path);
      expect(status).toBe(404);
      expect(body).toEqual({ error: NO_FILE, detail: detailed(NO_FILE) });
    });

    it('are returned for an unknown purpose', async () => {
      const form = new FormData();
      form.set('purpose', 'world_peace');
      form.set('file', new File(['x'], 'x.txt'));
      const { status, body } = await send('POST', '/files', { form });
      const message =
        "'world_peace' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'";
      expect(status).toBe(400);
      const error = { message, type: REFUSED, param: 'purpose', code: null };
      expect(body).toEqual({ error, detail: detailed(error) });
    });

    it.each(['lexical-384'])('are returned for dimensions below one with %s', async (model) => {
      for (const input of ['one', ['one', 'two'], [9906, 11], [[9906, 11, 1917]]]) {
        for (const encoding of ['float', 'base64']) {
          const json = { model, input, dimensions: -42, encoding_format: encoding };
          const { status, body } = await send('POST', '/embeddings', { json });
          expect([status, body.error]).toEqual([
            400,
            { message: "-42 is less than the minimum of 1 - 'dimensions'", type: REFUSED, param: null, code: null },
          ]);
        }
      }
    });

    it.each([
      ['GET', '/files'],
      ['GET', '/files/fake_id'],
      ['DELETE', '/files/fake_id'],
      ['GET', '/vector_stores'],
      ['POST', '/vector_stores'],
      ['GET', '/vector_stores/fake_id'],
      ['POST', '/vector_stores/fake_id/search'],
      ['GET', '/vector_stores/fake_id/files'],
      ['POST', '/vector_stores/fake_id/file_batches'],
      ['POST', '/uploads'],
      ['GET', '/models'],
      ['GET', '/models/fake_id'],
      ['POST', '/embeddings'],
      ['GET', '/nothing/here'],
    ])('are returned for %s %s with an invalid key', async (method, path) => {
      const { status, body } = await send(method, path, {
        key: 'sk-not-a-key-at-all',
        ...(method === 'POST' && { json: {} }),
      });
      expect(status).toBe(401);
      expect(body.error).toEqual({
        type: REFUSED,
        code: 'invalid_api_key',
        param: null,
        message: expect.stringMatching(/^Incorrect API key provided: sk-n\*+-all\./),
      });
    });

    it('are returned for an unknown model', async () => {
      const { status, body } = await send('GET', '/models/fake_id');
      expect(status).toBe(404);
      expect(body.error).toMatchObject({
        type: REFUSED,
        code: 'model_not_found',
        message: "The model 'fake_id' does not exist",
      });
    });
  });
}
