import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ApiError, createConsoleClient } from './client.ts';

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** A client whose requests are recorded and answered by `answer`. */
function clientOf(answer: () => Response | Promise<Response>, options: { baseUrl?: string; apiKey?: string } = {}) {
  const sent: Sent[] = [];
  const call = createConsoleClient({
    ...options,
    fetch: async (input, init) => {
      sent.push({
        url: String(input),
        method: init?.method,
        headers: init?.headers as Record<string, string>,
        body: init?.body === undefined ? undefined : JSON.parse(String(init.body)),
      });
      return answer();
    },
  });
  return { call, sent };
}
const json = (body: unknown, status = 200) => Response.json(body, { status });

async function failureOf(work: Promise<unknown>): Promise<ApiError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`no ApiError: ${String(error)}`);
}

describe('a request of the console client', () => {
  it('goes to the path of the operation, with its parameters', async () => {
    const { call, sent } = clientOf(() => json({}), { baseUrl: 'http://host:1', apiKey: 'key' });
    await call('updateConnection', { params: { id: 'conn_1' }, body: { name: 'New', project: null } });
    expect(sent).toEqual([
      {
        url: 'http://host:1/api/connections/conn_1',
        method: 'PATCH',
        headers: { accept: 'application/json', 'content-type': 'application/json', authorization: 'Bearer key' },
        body: { name: 'New', project: null },
      },
    ]);
  });

  it('sends no key, base URL or body when there is none', async () => {
    const { call, sent } = clientOf(() => json({}));
    await call('cancelSyncRun', { params: { id: 'run_1' } });
    expect(sent).toEqual([
      { url: '/api/sync-runs/run_1/cancel', method: 'POST', headers: { accept: 'application/json' }, body: undefined },
    ]);
  });

  it.each([
    ['a/b', 'a%2Fb'],
    ['vs 100%/ü?#', 'vs%20100%25%2F%C3%BC%3F%23'],
    ['a:b', 'a%3Ab'],
  ])('escapes the id %s', async (id, quoted) => {
    const { call, sent } = clientOf(() => json({}));
    await call('getVectorStore', { params: { id } });
    expect(sent[0]?.url).toBe(`/api/vector-stores/${quoted}`);
  });

  it('leaves undefined values out of the query', async () => {
    const { call, sent } = clientOf(() => json({}));
    await call('listVectorStores', { query: { q: '', status: undefined, cursor: undefined, limit: 5, sort: 'name' } });
    await call('listFiles', { query: { orphan: 'false', q: 'a&b=c' } });
    await call('listFiles', {});
    expect(sent.map((request) => request.url)).toEqual([
      '/api/vector-stores?limit=5&sort=name',
      '/api/files?orphan=false&q=a%26b%3Dc',
      '/api/files',
    ]);
  });
});

describe('a response to the console client', () => {
  it('returns the body as it came', async () => {
    const { call } = clientOf(() => json({ id: 'run_1' }, 202));
    expect(await call('startSyncRun', { body: {} })).toEqual({ id: 'run_1' });
  });

  it('returns null without content', async () => {
    const { call } = clientOf(() => new Response(null, { status: 204 }));
    expect(await call('deleteConnection', { params: { id: 'conn_1' } })).toBeNull();
  });

  it('throws an error response with its code, message, status, request id and details', async () => {
    const { call } = clientOf(() =>
      json(
        { error: { code: 'stale_plan', message: 'Look again.', requestId: 'req_1', details: { planHash: 'n' } } },
        409,
      ),
    );
    const error = await failureOf(call('approveSyncRun', { params: { id: 'r' }, body: { planHash: 'h' } }));
    expect({ ...error, message: error.message }).toEqual({
      name: 'ApiError',
      status: 409,
      code: 'stale_plan',
      message: 'Look again.',
      requestId: 'req_1',
      details: { planHash: 'n' },
    });
  });

  it('throws an error response that has details with them', async () => {
    const details = { planHash: 'other', difference: { storesGone: ['vs_1'] } };
    const { call } = clientOf(() =>
      json({ error: { code: 'stale_plan', message: 'Look again.', requestId: 'req_1', details } }, 409),
    );
    const error = await failureOf(call('startDeletion', { body: { planHash: 'h' } }));
    expect(error).toMatchObject({ code: 'stale_plan', details });
  });

  it.each([
    ['a page of a proxy', () => new Response('<html>Bad gateway</html>', { status: 502 }), 502],
    ['an error of another kind', () => json({ detail: 'nope' }, 404), 404],
    ['nothing', () => new Response('', { status: 500 }), 500],
    ['a page with 200', () => new Response('<html>Please log in</html>', { status: 200 }), 200],
    ['half a body with 200', () => new Response('{"data":[', { status: 200 }), 200],
  ])('throws bad_response and never returns a result for %s', async (_, answer, status) => {
    const { call } = clientOf(answer);
    expect(await failureOf(call('getStatus', {}))).toMatchObject({ code: 'bad_response', status, requestId: null });
  });
});

describe('a missing response to the console client', () => {
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  it('throws the code network', async () => {
    const { call } = clientOf(() => Promise.reject(new TypeError('fetch failed')));
    expect(await failureOf(call('getStatus', {}))).toMatchObject({ code: 'network', status: 0, requestId: null });
  });

  it('throws the code network when it breaks off', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data":', () => response.destroy());
    });
    expect(await failureOf(createConsoleClient({ baseUrl })('getStatus', {}))).toMatchObject({ code: 'network' });
  });

  it('throws the reason of the abort, before and during the body, when the caller aborts', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    });
    const reason = new Error('the page was left');
    for (const delayMs of [0, 50]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), delayMs);
      await expect(createConsoleClient({ baseUrl })('getStatus', { signal: controller.signal })).rejects.toBe(reason);
    }
  });
});
