import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from './clock.ts';
import { type RunningSandbox, startSandbox } from './start-sandbox.ts';

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ clock: createManualClock(1_760_000_000_000) });
});
afterEach(() => sandbox.close());

const get = (path: string, init?: RequestInit) =>
  fetch(`${sandbox.url}${path}`, { ...init, headers: { authorization: 'Bearer sk-test' } });
const control = async (method: string, path: string, body?: unknown) => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${sandbox.controlUrl}${path}`, init);
  return { status: answer.status, json: JSON.parse(await answer.text()) };
};

describe('the sandbox over a socket', () => {
  it('causes a network error for a dropped connection', async () => {
    for (const effect of ['before', 'after'] as const) {
      sandbox.faults.add({ kind: 'drop', effect, count: 1 });
      await expect(get('/vector_stores', { method: 'POST' })).rejects.toThrow(TypeError);
    }
    expect(sandbox.state.storeIds()).toHaveLength(1);
    expect((await get('/vector_stores')).status).toBe(200);
  });

  it('breaks a truncated body while it is read', async () => {
    for (let index = 0; index < 50; index += 1) sandbox.state.createStore();
    for (const share of [0, 0.5, 0.99]) {
      sandbox.faults.add({ kind: 'truncated_body', share, count: 1 });
      await expect(get('/vector_stores').then((answer) => answer.text())).rejects.toThrow(TypeError);
    }
  });

  it('lets a request hang until it is aborted, and close() does not wait for it', async () => {
    sandbox.faults.add({ kind: 'hang' });
    await expect(get('/files', { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
    const hanging = get('/files');
    const failed = expect(hanging).rejects.toThrow(TypeError);
    await new Promise((resolve) => sandbox.onRequest(resolve));
    await sandbox.close();
    await failed;
  });

  it('answers a path outside /v1 with 404', async () => {
    const answer = await fetch(sandbox.url.replace('/v1', '/v2/files'));
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { message: 'Invalid URL (GET /v2/files)' } });
  });

  it('answers a body beyond the limit with 413, whole or streamed', async () => {
    const small = await startSandbox({ bodyBytesMax: 1000 });
    const post = (body: string | ReadableStream, init = {}) =>
      fetch(`${small.url}/vector_stores`, { method: 'POST', headers: { authorization: 'Bearer x' }, body, ...init });
    try {
      expect((await post(JSON.stringify({ name: 'x'.repeat(100) }))).status).toBe(200);
      expect((await post('x'.repeat(1001))).status).toBe(413);
      const streamed = ReadableStream.from([Buffer.alloc(900), Buffer.alloc(900)]);
      expect((await post(streamed, { duplex: 'half' })).status).toBe(413);
      expect(small.state.storeIds()).toHaveLength(1);
    } finally {
      await small.close();
    }
  });

  it('waits for its listeners before it processes a request', async () => {
    const stop = sandbox.onRequest(async ({ path, number }) => {
      await Promise.resolve();
      if (path === '/vector_stores') sandbox.state.createStore({ name: `before ${number}` });
    });
    expect(await (await get('/vector_stores')).json()).toMatchObject({ data: [{ name: 'before 1' }] });
    stop();
    expect(await (await get('/vector_stores')).json()).toMatchObject({ data: { length: 1 } });
  });
});

describe('the controls of the sandbox over HTTP', () => {
  it('add, list and remove faults', async () => {
    const { json } = await control('POST', '/faults', [
      { kind: 'status', status: 503, path: '/files' },
      { kind: 'html', path: '/vector_stores', count: 1 },
    ]);
    expect(json.ids).toHaveLength(2);
    expect((await get('/files')).status).toBe(503);
    const { json: listed } = await control('GET', '/faults');
    expect(listed.data).toMatchObject([
      { id: json.ids[0], struck: 1 },
      { struck: 0, fault: { kind: 'html', count: 1 } },
    ]);
    await control('DELETE', `/faults/${json.ids[0]}`);
    expect((await get('/files')).status).toBe(200);
    expect((await control('DELETE', '/faults')).json.data).toEqual([]);
    expect((await control('DELETE', '/faults/fault_9')).status).toBe(404);
  });

  it('reject a malformed fault with the reason', async () => {
    const { status, json } = await control('POST', '/faults', { kind: 'status' });
    expect(status).toBe(400);
    expect(json.error.message).toBe("Missing required parameter: 'status'.");
    expect((await control('POST', '/faults', { kind: 'drop', when: 'now' })).json.error.param).toBe('when');
    expect((await control('GET', '/faults')).json.data).toEqual([]);
  });

  it('move the clock forward, never back', async () => {
    expect((await control('GET', '/clock')).json).toEqual({ nowMs: 1_760_000_000_000 });
    expect((await control('POST', '/clock', { advanceMs: 5000 })).json).toEqual({ nowMs: 1_760_000_005_000 });
    expect((await control('POST', '/clock', { advanceMs: -1 })).status).toBe(400);
    expect(sandbox.clock.now()).toBe(1_760_000_005_000);
  });

  it('seed by size, the sample, and another project', async () => {
    expect((await control('POST', '/seed', { stores: 3, filesPerStore: 2, sharedFraction: 0 })).json).toEqual({
      projectId: 'proj_sandbox',
      stores: 3,
      files: 6,
    });
    const other = await control('POST', '/seed', { sample: true, projectId: 'proj_other' });
    expect(other.json).toMatchObject({ projectId: 'proj_other', stores: 24 });
    expect(sandbox.state.storeIds()).toHaveLength(3);
    expect((await control('POST', '/seed', { stores: -1 })).status).toBe(400);
  });

  it('report the requests, and how many of them write', async () => {
    await get('/vector_stores?limit=5');
    await get('/vector_stores/vs_1/files');
    await get('/vector_stores', { method: 'POST' });
    await get('/vector_stores/vs_1/search', { method: 'POST' });
    const { json } = await control('GET', '/requests');
    expect(json).toMatchObject({
      total: 4,
      writes: 2,
      byRoute: {
        'GET /vector_stores': 1,
        'GET /vector_stores/*/files': 1,
        'POST /vector_stores': 1,
        'POST /vector_stores/*/search': 1,
      },
    });
    expect(json.entries[0]).toEqual({
      number: 1,
      method: 'GET',
      path: '/vector_stores',
      query: 'limit=5',
      projectId: 'proj_sandbox',
    });
    await control('DELETE', '/requests');
    expect((await control('GET', '/requests')).json).toMatchObject({ total: 0, writes: 0, byRoute: {}, entries: [] });
  });

  it('remove everything on reset, and begin with the same ids', async () => {
    const [first] = [sandbox.state.createStore().id];
    sandbox.faults.add({ kind: 'html' });
    await get('/files');
    await control('POST', '/reset');
    expect(sandbox.state.storeIds()).toEqual([]);
    expect(sandbox.faults.list()).toEqual([]);
    expect(sandbox.requests.total).toBe(0);
    expect(sandbox.state.createStore().id).toBe(first);
  });

  it('answer anything else with 404', async () => {
    expect((await control('PUT', '/clock')).status).toBe(404);
    expect((await control('GET', '/nonsense')).status).toBe(404);
  });
});

describe('the number of concurrent requests', () => {
  it('is counted', async () => {
    const waiting: (() => void)[] = [];
    sandbox.onRequest(
      () =>
        new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 5) for (const go of waiting) go();
        }),
    );
    await Promise.all([1, 2, 3, 4, 5].map(() => get('/files')));
    expect(sandbox.requests.peakInFlight).toBe(5);
  });
});
