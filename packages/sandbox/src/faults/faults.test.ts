import { describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createSandbox, type SandboxOptions } from '../create-sandbox.ts';
import { createSandboxFetch } from '../sandbox-fetch.ts';
import { createCaller } from '../testing/caller.ts';

function setUp(options: SandboxOptions = {}) {
  const sandbox = createSandbox({ clock: createManualClock(1_760_000_000_000), ...options });
  const { state, faults } = sandbox;
  const call = createCaller(sandbox);
  const makeFile = () => state.createFile({ filename: 'a.txt', content: 'text' }).id;
  const makeStores = (count: number) => Array.from({ length: count }, () => state.createStore().id);
  const request = (path: string, init?: RequestInit) =>
    createSandboxFetch(sandbox)(`http://sandbox.test/v1${path}`, {
      ...init,
      headers: { authorization: 'Bearer sk-test' },
    });
  return { sandbox, state, faults, call, makeFile, makeStores, request };
}

describe('faults that replace the response', () => {
  it('reject a restricted key that lacks a scope, with the message of the real API', async () => {
    const { faults, call } = setUp();
    faults.add({ kind: 'missing_scope', path: '/files', count: 1 });
    const refused = await call('GET', '/files');
    expect(refused.status).toBe(401);
    expect(refused.json.error.message).toContain('Missing scopes: api.files.read.');
    expect((await call('GET', '/files')).status).toBe(200);
  });

  it('hide a new object from the first requests for it, counted for each object', async () => {
    const { faults, call, makeFile, makeStores } = setUp();
    const [store = ''] = makeStores(1);
    const [one, two] = [makeFile(), makeFile()];
    faults.add({ kind: 'object_lag', path: '/vector_stores/*/files', method: 'POST', lookups: 2 });
    const attach = (id: string) => call('POST', `/vector_stores/${store}/files`, { file_id: id });
    const statuses: number[] = [];
    for (const id of [one, two, one, one, two, two]) statuses.push((await attach(id)).status);
    expect(statuses).toEqual([404, 404, 404, 200, 404, 200]);
    faults.clear();
    faults.add({ kind: 'object_lag', path: '/**', lookups: 1 });
    for (const path of [`/vector_stores/${store}`, `/files/${one}`, `/vector_stores/${store}/files/${two}`]) {
      const { status, json } = await call('GET', path);
      expect([status, json.error.message]).toEqual([404, expect.stringContaining(path.split('/').at(-1) ?? '')]);
      expect((await call('GET', path)).status).toBe(200);
    }
    expect((await call('GET', '/files')).json.data).toHaveLength(2);
  });

  it('still show a deleted object to the first requests for it by its id', async () => {
    const { faults, call, makeFile, makeStores } = setUp();
    const [store = ''] = makeStores(1);
    const [file, other] = [makeFile(), makeFile()];
    faults.add({ kind: 'removal_lag', lookups: 2 });
    for (const path of [`/files/${file}`, `/vector_stores/${store}`]) {
      expect((await call('DELETE', path)).json.deleted).toBe(true);
      const answers = [await call('GET', path), await call('GET', path), await call('GET', path)];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
      expect(answers[0]?.json.id).toBe(path.split('/').at(-1));
    }
    expect((await call('GET', '/files')).json.data.map(({ id }: { id: string }) => id)).toEqual([other]);
    expect((await call('GET', `/files/${other}`)).json.bytes).toBeGreaterThan(0);
  });

  it('list without has_more', async () => {
    const { faults, call, makeStores } = setUp();
    makeStores(2);
    faults.add({ kind: 'no_has_more', path: '/vector_stores' });
    expect((await call('GET', '/vector_stores')).json).not.toHaveProperty('has_more');
  });

  it('send a status with its usual body, headers and code', async () => {
    const { faults, call, state } = setUp();
    faults.add({
      kind: 'status',
      status: 429,
      headers: { 'retry-after-ms': '20', 'x-should-retry': 'true' },
      count: 1,
    });
    const limited = await call('POST', '/vector_stores', {});
    expect(limited).toMatchObject({ status: 429, headers: { 'retry-after-ms': '20', 'x-should-retry': 'true' } });
    expect(limited.json.error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded', param: null });
    faults.add({ kind: 'status', status: 429, code: 'organization_usage_limit_exceeded', message: 'Pay.', count: 1 });
    const unpaid = await call('POST', '/vector_stores', {});
    expect(unpaid.json.error).toMatchObject({ code: 'organization_usage_limit_exceeded', message: 'Pay.' });
    faults.add({ kind: 'status', status: 401, count: 1 });
    expect((await call('GET', '/files')).headers).not.toHaveProperty('openai-project');
    faults.add({ kind: 'status', status: 500, count: 1 });
    expect((await call('POST', '/vector_stores', {})).json.error.type).toBe('server_error');
    expect(state.storeIds()).toEqual([]);
  });
  it('send HTML with 200', async () => {
    const { faults, call } = setUp();
    faults.add({ kind: 'html' });
    const answer = await call('GET', '/files');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('text/html') } });
    expect(answer.text).toMatch(/^<!doctype html>/);
    expect(answer.headers).not.toHaveProperty('x-request-id');
  });
  it('send nothing, for ever, before or after the effect', async () => {
    const { faults, request, state } = setUp();
    for (const [effect, stores] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      faults.clear();
      faults.add({ kind: 'hang', effect });
      const controller = new AbortController();
      const answer = request('/vector_stores', { method: 'POST', body: '{}', signal: controller.signal });
      setImmediate(() => controller.abort(new Error('enough')));
      await expect(answer).rejects.toThrow('enough');
      expect(state.storeIds()).toHaveLength(stores);
    }
  });
  it('close the connection, before or after the effect', async () => {
    const { faults, request, state } = setUp();
    for (const [effect, stores] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      faults.clear();
      faults.add({ kind: 'drop', effect });
      await expect(request('/vector_stores', { method: 'POST', body: '{}' })).rejects.toThrow(TypeError);
      expect(state.storeIds()).toHaveLength(stores);
    }
  });
  it('send a part of the body', async () => {
    const { faults, request, makeStores } = setUp();
    makeStores(3);
    faults.add({ kind: 'truncated_body', share: 0.5 });
    const answer = await request('/vector_stores');
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow(TypeError);
  });
  it('answer late', async () => {
    const { faults, call } = setUp();
    faults.add({ kind: 'latency', latencyMs: 30 });
    const startedMs = performance.now();
    await call('GET', '/files');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(29);
  });
});

describe('faulty lists', () => {
  it('are empty though there are rows', async () => {
    const { faults, call, makeStores } = setUp();
    const [id = ''] = makeStores(3);
    faults.add({ kind: 'empty_list', path: '/vector_stores' });
    const { json } = await call('GET', '/vector_stores');
    expect(json).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
    expect((await call('GET', `/vector_stores/${id}`)).status).toBe(200);
  });
  it('always have more', async () => {
    const { faults, call, makeStores } = setUp();
    makeStores(3);
    faults.add({ kind: 'has_more_forever' });
    const first = (await call('GET', '/vector_stores')).json;
    expect(first).toMatchObject({ has_more: true, data: { length: 3 } });
    expect((await call('GET', `/vector_stores?after=${first.last_id}`)).json).toMatchObject({
      has_more: true,
      data: [],
    });
  });
  it('repeat the first page', async () => {
    const { faults, call, makeStores } = setUp();
    makeStores(5);
    faults.add({ kind: 'repeated_page' });
    const first = (await call('GET', '/vector_stores?limit=2')).json;
    const second = (await call('GET', `/vector_stores?limit=2&after=${first.last_id}`)).json;
    expect(second).toEqual(first);
    expect(second.has_more).toBe(true);
  });
  it('have more after an empty page', async () => {
    const { faults, call, makeStores } = setUp();
    makeStores(2);
    faults.add({ kind: 'empty_page_with_more' });
    expect((await call('GET', '/vector_stores')).json).toMatchObject({ data: [], last_id: null, has_more: true });
  });
  it('reject cursors, and accept requests without one', async () => {
    const { faults, call, makeStores } = setUp();
    const [, second = ''] = makeStores(3);
    faults.add({ kind: 'cursor_rejected', count: 1 });
    expect((await call('GET', '/vector_stores')).status).toBe(200);
    const refused = await call('GET', `/vector_stores?after=${second}`);
    expect(refused).toMatchObject({ status: 400, json: { error: { param: 'after', code: 'invalid_value' } } });
    expect((await call('GET', `/vector_stores?after=${second}`)).status).toBe(200);
  });
  it('lag behind new rows by the clock, while GET returns them', async () => {
    const { sandbox, faults, call, makeStores, makeFile } = setUp();
    const [old = ''] = makeStores(1);
    sandbox.clock.advance(4000);
    const [fresh = ''] = makeStores(1);
    makeFile();
    faults.add({ kind: 'list_lag', lagMs: 3000 });
    const listed = async (path: string) =>
      (await call('GET', path)).json.data.map((row: { readonly id: string }) => row.id);
    expect(await listed('/vector_stores')).toEqual([old]);
    expect(await listed('/files')).toEqual([]);
    expect((await call('GET', `/vector_stores/${fresh}`)).status).toBe(200);
    sandbox.clock.advance(2999);
    expect(await listed('/vector_stores')).toEqual([old]);
    sandbox.clock.advance(1);
    expect(await listed('/vector_stores')).toEqual([fresh, old]);
  });
  it('have holes, others each time, and page consistently around them', async () => {
    const { faults, call, makeStores } = setUp();
    const ids = new Set(makeStores(60));
    faults.add({ kind: 'list_holes', share: 0.3, seed: 5 });
    const listings: string[][] = [];
    for (let round = 0; round < 3; round += 1) {
      const { json } = await call('GET', '/vector_stores?limit=100');
      const listed: string[] = json.data.map((row: { readonly id: string }) => row.id);
      expect(listed.every((id) => ids.has(id))).toBe(true);
      expect(listed.length).toBeGreaterThan(25);
      expect(listed.length).toBeLessThan(60);
      expect(json.last_id).toBe(listed.at(-1));
      listings.push(listed);
    }
    expect(listings[0]).not.toEqual(listings[1]);
  });
});

describe('faulty rows', () => {
  it('count files that do not exist', async () => {
    const { faults, call, makeStores } = setUp();
    const [id = ''] = makeStores(2);
    faults.add({ kind: 'stale_file_counts', add: { completed: 2, total: 2 } });
    expect((await call('GET', `/vector_stores/${id}`)).json.file_counts).toMatchObject({ completed: 2, total: 2 });
    const { data } = (await call('GET', '/vector_stores')).json;
    expect(data.map((row: { readonly file_counts: { readonly total: number } }) => row.file_counts.total)).toEqual([
      2, 2,
    ]);
  });
  it('lack a field: all rows, or one', async () => {
    const { faults, call, makeStores } = setUp();
    makeStores(3);
    const fieldsOf = async () =>
      (await call('GET', '/vector_stores')).json.data.map((row: Readonly<Record<string, unknown>>) => 'status' in row);
    faults.add({ kind: 'missing_field', field: 'status', row: 1, count: 1 });
    expect(await fieldsOf()).toEqual([true, false, true]);
    faults.add({ kind: 'missing_field', field: 'status', count: 1 });
    expect(await fieldsOf()).toEqual([false, false, false]);
    expect(await fieldsOf()).toEqual([true, true, true]);
  });
  it('have an unknown status, an unknown field, a number beyond 2^53', async () => {
    const { faults, call, makeStores } = setUp();
    const [id = ''] = makeStores(2);
    faults.add({ kind: 'set_field', field: 'status', value: 'archived' });
    faults.add({ kind: 'set_field', field: 'region', value: { code: 'eu' } });
    faults.add({ kind: 'set_field', field: 'usage_bytes', rawJson: '9007199254740993', row: 0 });
    const list = await call('GET', '/vector_stores');
    expect(list.json.data[1]).toMatchObject({ status: 'archived', region: { code: 'eu' }, usage_bytes: 0 });
    expect(list.text.match(/"usage_bytes":9007199254740993,/g)).toHaveLength(1);
    expect((await call('GET', `/vector_stores/${id}`)).json.status).toBe('archived');
  });
  it('are of another kind: a store instead of a batch', async () => {
    const { faults, call, state, makeFile, makeStores } = setUp();
    const [storeId = ''] = makeStores(1);
    const batch = state.createBatch(storeId, [{ fileId: makeFile() }]);
    faults.add({ kind: 'store_instead_of_batch', count: 1 });
    const path = `/vector_stores/${storeId}/file_batches/${batch.id}`;
    expect((await call('GET', path)).json).toMatchObject({ object: 'vector_store', id: storeId });
    expect((await call('GET', path)).json).toMatchObject({ object: 'vector_store.file_batch', id: batch.id });
  });
  it('are unchanged in errors', async () => {
    const { faults, call } = setUp();
    faults.add({ kind: 'missing_field', field: 'error' });
    expect((await call('GET', '/files/x')).json.error.message).toContain('No such File');
  });
});

describe('faulty deletions', () => {
  it('leave ghosts: listed and counted, or counted only', async () => {
    for (const mode of ['listed', 'counted'] as const) {
      const { faults, call, state, makeFile } = setUp();
      const [fileId, other] = [makeFile(), makeFile()];
      const storeId = state.createStore({ fileIds: [fileId, other] }).id;
      faults.add({ kind: 'ghost_attachments', mode, method: 'DELETE', path: '/files/*' });
      expect((await call('DELETE', `/files/${fileId}`)).json.deleted).toBe(true);
      expect((await call('GET', `/files/${fileId}`)).status).toBe(404);
      const store = (await call('GET', `/vector_stores/${storeId}`)).json;
      const { data } = (await call('GET', `/vector_stores/${storeId}/files`)).json;
      expect(store.file_counts.total).toBe(2);
      expect(data).toHaveLength(mode === 'listed' ? 2 : 1);
      // Detaching first leaves nothing behind.
      await call('DELETE', `/vector_stores/${storeId}/files/${other}`);
      await call('DELETE', `/files/${other}`);
      expect((await call('GET', `/vector_stores/${storeId}`)).json.file_counts.total).toBe(1);
    }
  });
  it('leave ghosts in-process too, as a setting', () => {
    const { state, makeFile } = setUp({ ghostMode: 'listed' });
    const fileId = makeFile();
    const storeId = state.createStore({ fileIds: [fileId] }).id;
    state.deleteFile(fileId);
    expect(state.snapshot().attachments.get(storeId)).toHaveLength(1);
    expect(state.fileIds()).toEqual([]);
  });
  it('detach a file everywhere', async () => {
    const { faults, call, state, makeFile } = setUp();
    const fileId = makeFile();
    const ids = [0, 1].map(() => state.createStore({ fileIds: [fileId] }).id);
    faults.add({ kind: 'detach_everywhere' });
    await call('DELETE', `/vector_stores/${ids[0]}/files/${fileId}`);
    expect([...state.snapshot().attachments.values()]).toEqual([[], []]);
    expect(state.fileIds()).toEqual([fileId]);
  });
  it('answer `deleted: false`, with or without effect', async () => {
    const { faults, call, state, makeStores, makeFile } = setUp();
    const [first = '', second = ''] = makeStores(2);
    const fileId = makeFile();
    state.attach({ storeId: second, fileId });
    faults.add({ kind: 'not_deleted', method: 'DELETE' });
    const expected = { id: first, object: 'vector_store.deleted', deleted: false };
    expect((await call('DELETE', `/vector_stores/${first}`)).json).toEqual(expected);
    expect((await call('DELETE', `/files/${fileId}`)).json).toEqual({ id: fileId, object: 'file', deleted: false });
    expect((await call('DELETE', `/vector_stores/${second}/files/${fileId}`)).json.object).toBe(
      'vector_store.file.deleted',
    );
    expect(state.storeIds()).toEqual([first, second]);
    expect(state.snapshot().attachments.get(second)).toHaveLength(1);
    faults.clear();
    faults.add({ kind: 'not_deleted', isEffective: true });
    expect((await call('DELETE', `/vector_stores/${first}`)).json).toEqual(expected);
    expect(state.storeIds()).toEqual([second]);
  });
});
