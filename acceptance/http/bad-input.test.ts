import { once } from 'node:events';
import { connect } from 'node:net';
import { CONSOLE_ROUTES, type ConsoleOperation, LIMITS, type RouteContract } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError } from '../support/http.ts';
import { syncOk } from '../support/sync.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 12, filesPerStore: 4 });
  espejo = await startEspejo({
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });
  await syncOk(espejo);
  await syncOk(espejo, { full: true });
});
afterAll(async () => {
  // Whatever was thrown at it, nothing it did not expect happened inside.
  expect(espejo.log).not.toMatch(/"code":"internal"|unhandled|uncaught/i);
  expect((await espejo.request('GET', '/api/status')).status).toBe(200);
  expect((await espejo.call('listVectorStores', {})).total).toBe(12);
  await espejo[Symbol.asyncDispose]();
  await sandbox.close();
});

const get = (path: string) => espejo.request('GET', path);
const post = (path: string, json: unknown) => espejo.request('POST', path, { json });
const ROUTES = Object.entries(CONSOLE_ROUTES) as [ConsoleOperation, RouteContract][];

describe('keys', () => {
  it.each(ROUTES)('%s asks for one', async (_, { method, path }) => {
    const answer = await espejo.request(method, path.replace(':id', 'x'), { key: null });
    expect(expectError(answer, 401, 'unauthorized')).toMatch(/ESPEJO_API_KEY/);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it.each(['wrong', `${API_KEY}x`, API_KEY.slice(0, -1), API_KEY.toUpperCase(), 'x'.repeat(5000), 'null'])(
    '%j is not it',
    async (key) => {
      expectError(await espejo.request('GET', '/api/vector-stores', { key }), 401, 'unauthorized');
    },
  );

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', `Token ${API_KEY}`, API_KEY, `Bearer ${API_KEY} ${API_KEY}`])(
    'Authorization: %s is none',
    async (authorization) => {
      expectError(
        await espejo.request('GET', '/api/vector-stores', { key: null, headers: { authorization } }),
        401,
        'unauthorized',
      );
    },
  );

  it('count before anything else: an unknown path and a bad body say nothing without one', async () => {
    expectError(await espejo.request('GET', '/api/nothing', { key: null }), 401, 'unauthorized');
    expectError(
      await espejo.request('POST', '/api/connections', {
        key: null,
        body: '{',
        headers: { 'content-type': 'application/json' },
      }),
      401,
      'unauthorized',
    );
  });

  it('are not asked for by health, by the document and by its page', async () => {
    for (const path of ['/healthz', '/readyz', '/api/openapi.json', '/api/docs']) {
      expect((await espejo.request('GET', path, { key: null })).status, path).toBe(200);
    }
  });
});

describe('bodies', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };
  it.each([
    '{',
    '{"name":}',
    'nonsense',
    '{"name": "x",}',
    '\u0000',
    '{"a":1}{"b":2}',
    '{"__proto__":{"isAdmin":true}}',
  ])('%j is broken JSON', async (body) => {
    for (const path of ['/api/connections', '/api/sync-runs', '/api/connections/test']) {
      expectError(await espejo.request('POST', path, { body, headers: JSON_TYPE }), 400, 'invalid_json');
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    '%s is not taken',
    async (type) => {
      const answer = await espejo.request('POST', '/api/sync-runs', { body: '{}', headers: { 'content-type': type } });
      expect(expectError(answer, 415, 'unsupported_media_type')).toMatch(/application\/json/);
    },
  );

  it('of 40 MB are refused, the sender hears so, and the next request is fine', async () => {
    const body = `{"name":"${'x'.repeat(40 * 2 ** 20)}"}`;
    for (const path of ['/api/connections', '/api/sync-runs', '/api/connections', '/api/connections/test']) {
      expectError(await espejo.request('POST', path, { body, headers: JSON_TYPE }), 413, 'body_too_large');
      expect((await get('/api/status')).status).toBe(200);
    }
  });

  it('of 40 MB without a length are refused the same way', async () => {
    const response = await fetch(`${espejo.url}/api/connections`, {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization: `Bearer ${API_KEY}` },
      body: new Blob(['{"name":"', 'x'.repeat(40 * 2 ** 20), '"}']).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } });
  });

  it('up to the limit are read', async () => {
    const name = 'x'.repeat(LIMITS.jsonBodyBytesMax - 20);
    expectError(await post('/api/connections', { name }), 400, 'invalid_request');
    expectError(await post('/api/connections', { name: `${name}${name}` }), 413, 'body_too_large');
  });

  it.each([
    ['/api/connections', { name: 'x', apiKey: 'k', surprise: 1 }, /surprise/],
    ['/api/sync-runs', { dry_run: true }, /dry_run/],
    ['/api/sync-runs', { dryRun: 'yes' }, /dryRun/],
    ['/api/sync-runs', [], /object/],
    ['/api/sync-runs', 'text', /object/],
    ['/api/connections', {}, /name/],
    ['/api/connections/test', { baseUrl: 'x' }, /baseUrl/],
    ['/api/sync-runs/run_x/approve', {}, /planHash/],
    ['/api/sync-runs/run_x/approve', { planHash: '' }, /planHash/],
    ['/api/sync-runs/run_x/approve', { planHash: 'x'.repeat(500) }, /planHash/],
  ])('POST %s %j names what is wrong', async (path, body, named) => {
    expect(expectError(await post(path, body), 400, 'invalid_request')).toMatch(named);
  });
});

describe('queries', () => {
  const lists = ['/api/vector-stores', '/api/files', '/api/sync-runs'];
  it.each(
    lists.flatMap((path) =>
      ['0', '201', '-1', 'abc', '1.5', '', '1e9', 'NaN', '0x10000'].map((limit) => [path, limit] as const),
    ),
  )('%s?limit=%s', async (path, limit) => {
    expect(expectError(await get(`${path}?limit=${limit}`), 400, 'invalid_request')).toMatch(/limit/);
  });

  it.each([
    ['/api/vector-stores?sort=color', /sort/],
    ['/api/vector-stores?order=sideways', /order/],
    ['/api/vector-stores?source=theirs', /source/],
    ['/api/vector-stores?limit=5&limit=6', /limit/],
    ['/api/vector-stores?q=a&q=b', /q/],
    [`/api/vector-stores?q=${'x'.repeat(LIMITS.searchTextMax + 1)}`, /q/],
    ['/api/vector-stores?q=a%00b', /NUL/],
    ['/api/vector-stores/facets?source=x', /source/],
    [`/api/vector-stores?status=${'x'.repeat(65)}`, /status/],
    ['/api/files?orphan=maybe', /orphan/],
    ['/api/files?orphan=1', /orphan/],
    ['/api/files?sort=size', /sort/],
    ['/api/files?q=%00', /NUL/],
    ['/api/sync-runs?status=sleeping', /status/],
    ['/api/sync-runs/RUN/changes?action=exploded', /action/],
    [`/api/cron-preview?expression=${'*'.repeat(101)}`, /expression/],
    ['/api/cron-preview', /expression/],
  ])('%s', async (path, named) => {
    expect(expectError(await get(path.replace('RUN', await anyRunId())), 400, 'invalid_request')).toMatch(named);
  });

  it.each([
    "'; drop table vector_store; --",
    '%',
    '_',
    '"',
    '\\',
    '*',
    'a OR b',
    '(',
    'NEAR(a b)',
    '￿',
    '𝕏'.repeat(40),
    '{{7*7}}',
    '<script>',
  ])('a text of %j is only a text', async (q) => {
    for (const path of ['/api/vector-stores', '/api/files', `/api/vector-stores/${await anyStoreId()}/files`]) {
      const answer = await get(`${path}?q=${encodeURIComponent(q)}`);
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    }
    expect((await get(`/api/vector-stores/facets?q=${encodeURIComponent(q)}`)).status).toBe(200);
  });
});

describe('cursors', () => {
  const cursorOf = async (path: string): Promise<string> => {
    const { nextCursor } = (await get(`${path}${path.includes('?') ? '&' : '?'}limit=1`)).json as {
      nextCursor: string;
    };
    expect(nextCursor, path).toEqual(expect.any(String));
    return nextCursor;
  };
  const lists = async () => {
    const storeId = await anyStoreId();
    const runId = await anyRunId();
    return [
      '/api/vector-stores',
      '/api/vector-stores?order=asc',
      '/api/vector-stores?sort=usageBytes',
      '/api/vector-stores?sort=name',
      '/api/files',
      '/api/files?sort=filename',
      '/api/sync-runs',
      `/api/vector-stores/${storeId}/files`,
      `/api/sync-runs/${runId}/changes`,
      `/api/vector-stores/${storeId}/history`,
    ];
  };

  it.each([
    'x',
    '',
    'null',
    '%00',
    '%F0%9F%A7%AD',
    'W10',
    'WyJ2ZWN0b3Itc3RvcmVzIl0',
    Buffer.from('["vector-stores:createdAt:desc",{"a":1},"x"]').toString('base64url'),
    Buffer.from('["vector-stores:createdAt:desc",1e999,"x"]').toString('base64url'),
    'x'.repeat(2000),
  ])('%j is unknown to every list', async (cursor) => {
    for (const path of await lists()) {
      const answer = await get(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
      expect(expectError(answer, 400, 'unknown_cursor'), path).toMatch(/without a cursor/);
    }
  });

  it('of one list, sort or order are unknown to every other', async () => {
    // The history of a store that changed once has one page, hence no cursor to give.
    const paths = (await lists()).slice(0, -1);
    const cursors = await Promise.all(paths.map(cursorOf));
    for (const [i, path] of [...paths, ...(await lists()).slice(-1)].entries()) {
      for (const [j, cursor] of cursors.entries()) {
        const answer = await get(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
        if (i === j) expect(answer.status, `${path} with its own`).toBe(200);
        else expectError(answer, 400, 'unknown_cursor');
      }
    }
  });

  it('are good in one spelling only', async () => {
    const cursor = await cursorOf('/api/vector-stores');
    for (const other of [`${cursor}=`, `${cursor}A`, ` ${cursor}`, cursor.slice(0, -1)]) {
      expectError(await get(`/api/vector-stores?cursor=${encodeURIComponent(other)}`), 400, 'unknown_cursor');
    }
  });

  it('too long to be one are refused as such', async () => {
    expectError(await get(`/api/vector-stores?cursor=${'x'.repeat(3000)}`), 400, 'invalid_request');
  });
});

describe('ids', () => {
  const NOT_FOUND: Record<string, string> = {
    'Vector stores': 'vector_store_not_found',
    Files: 'file_not_found',
    Sync: 'sync_run_not_found',
    Connections: 'connection_not_found',
  };
  const BODIES: Partial<Record<ConsoleOperation, unknown>> = {
    approveSyncRun: { planHash: 'x' },
    updateVectorStore: {},
    updateConnection: {},
  };
  const withId = ROUTES.filter(([, route]) => route.path.includes(':id'));
  const ids = [
    'none',
    '...',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    'a%00b',
    '%F0%9F%A7%AD',
    "'%20or%201=1--",
    '%25',
    'constructor',
    '__proto__',
    'x'.repeat(LIMITS.idMax),
  ];

  it.each(withId)('%s: ids of no object are 404, whatever they look like', async (operation, { method, path, tag }) => {
    for (const id of ids) {
      const json = BODIES[operation];
      const answer = await espejo.request(method, path.replace(':id', id), json === undefined ? {} : { json });
      expectError(answer, 404, NOT_FOUND[tag] ?? '');
    }
  });

  it.each(withId)('%s: an id beyond the limit is refused', async (_, { method, path }) => {
    for (const length of [LIMITS.idMax + 1, 4000]) {
      const answer = await espejo.request(method, path.replace(':id', 'x'.repeat(length)));
      expect(expectError(answer, 400, 'invalid_request')).toMatch(String(LIMITS.idMax));
    }
  });

  it('a % that stands for nothing is refused', async () => {
    for (const path of ['/api/vector-stores/%zz', '/api/files/%', '/api/sync-runs/%E0%A4%A']) {
      expectError(await get(path), 400, 'invalid_request');
    }
  });

  it('nothing above the API can be reached by a path', async () => {
    for (const path of [
      '/api/docs/static/..%2f..%2f..%2fpackage.json',
      '/api/docs/static/%2e%2e/%2e%2e/package.json',
      '/..%2f..%2fetc/passwd',
    ]) {
      const answer = await get(path);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toMatch(/"dependencies"|root:x/);
    }
  });
});

describe('a path with .. in it', () => {
  // Clients take it out before they send; only a raw socket sends it.
  it.each(['/api/vector-stores/../connections', '/api/docs/../connections', '/api/docs/../../package.json'])(
    '%s is no other path',
    async (path) => {
      const reply = await sendRaw(espejo.port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      expect(reply).toMatch(/^HTTP\/1\.1 40[14] /);
      expect(reply).not.toMatch(/baseUrl|dependencies/);
    },
  );
});

describe('paths and methods that are not there', () => {
  it.each([
    '/',
    '/api',
    '/api/',
    '/api/nothing',
    '/api/vector-stores/a/b/c',
    '/v2/vector_stores',
    '/API/vector-stores',
    '/api//vector-stores',
    '/favicon.ico',
  ])('%s', async (path) => {
    expectError(await get(path), 404, 'route_not_found');
  });

  it('a path that is very long is not said back in full', async () => {
    expect(expectError(await get(`/api/${'x'.repeat(8000)}`), 404, 'route_not_found').length).toBeLessThan(400);
  });

  it.each(['OPTIONS', 'PROPFIND'])('%s is no method of anything', async (method) => {
    expectError(await espejo.request(method, '/api/vector-stores'), 404, 'route_not_found');
  });
});

describe('request ids', () => {
  it('are the caller’s own when harmless', async () => {
    const answer = await espejo.request('GET', '/api/vector-stores/none', {
      headers: { 'x-request-id': 'trace-42.a_b' },
    });
    expectError(answer, 404, 'vector_store_not_found');
    expect(answer.headers.get('x-request-id')).toBe('trace-42.a_b');
    await expect.poll(() => espejo.log).toContain('"reqId":"trace-42.a_b"');
  });

  it.each(['x'.repeat(101), 'a b', '"},{"level":60', ''])('%j is replaced', async (id) => {
    const answer = await espejo.request('GET', '/api/vector-stores/none', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  });

  it('are on every good answer too', async () => {
    for (const path of ['/api/status', '/api/vector-stores', '/healthz', '/api/openapi.json']) {
      const { headers } = await get(path);
      expect(headers.get('x-request-id'), path).toMatch(/^req_/);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });
});

describe('what is not HTTP', () => {
  it.each([
    ['nonsense', 'hello there\r\n\r\n'],
    ['an unknown method', 'FROBNICATE /api/status HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['headers without end', `GET /api/status HTTP/1.1\r\nhost: x\r\nx-big: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['two lengths', 'POST /api/sync-runs HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}'],
    ['no host', 'GET /api/status HTTP/1.1\r\n\r\n'],
  ])('%s is answered in the same form', async (_, bytes) => {
    const reply = await sendRaw(espejo.port, bytes);
    expect(reply).toMatch(/^HTTP\/1\.1 4\d\d /);
    if (reply.includes('\r\n\r\n{')) {
      const body = JSON.parse(reply.slice(reply.indexOf('\r\n\r\n') + 4));
      expect(body).toEqual({
        error: { code: expect.any(String), message: expect.any(String), requestId: expect.any(String) },
      });
      expect(reply).toContain(`x-request-id: ${body.error.requestId}`);
    }
  });
});

async function anyStoreId(): Promise<string> {
  return sandbox.state.storeIds()[0] ?? '';
}

/** The first run: it found every store. */
async function anyRunId(): Promise<string> {
  return (await espejo.call('listSyncRuns', {})).data.at(-1)?.id ?? '';
}

async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let reply = '';
  socket.on('data', (chunk) => {
    reply += String(chunk);
  });
  socket.on('error', () => undefined);
  socket.end(bytes);
  await once(socket, 'close');
  return reply;
}
