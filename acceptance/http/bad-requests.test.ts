import { CONSOLE_ROUTES, type ConsoleOperation, LIMITS, type RouteContract } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError } from '../support/http.ts';
import { sendRaw } from '../support/raw-http.ts';
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
  // None of the requests caused an internal error.
  expect(espejo.log).not.toMatch(/"code":"internal"|unhandled|uncaught/i);
  expect((await espejo.request('GET', '/api/status')).status).toBe(200);
  expect((await espejo.call('listVectorStores', {})).total).toBe(12);
  await espejo[Symbol.asyncDispose]();
  await sandbox.close();
});

const get = (path: string) => espejo.request('GET', path);
const post = (path: string, json: unknown) => espejo.request('POST', path, { json });
const ROUTES = Object.entries(CONSOLE_ROUTES) as [ConsoleOperation, RouteContract][];

describe('requests without a valid key', () => {
  it.each(ROUTES.filter(([, { action }]) => action !== 'open'))(
    '%s answers 401 without a key',
    async (_, { method, path }) => {
      const answer = await espejo.request(method, path.replace(':id', 'x'), { key: null });
      expect(expectError(answer, 401, 'unauthorized')).toMatch(/ESPEJO_API_KEY/);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    },
  );

  it.each(['wrong', `${API_KEY}x`, API_KEY.slice(0, -1), API_KEY.toUpperCase(), 'x'.repeat(5000), 'null'])(
    'the wrong key %j is answered 401',
    async (key) => {
      expectError(await espejo.request('GET', '/api/vector-stores', { key }), 401, 'unauthorized');
    },
  );

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', `Token ${API_KEY}`, API_KEY, `Bearer ${API_KEY} ${API_KEY}`])(
    'Authorization: %s is answered 401',
    async (authorization) => {
      expectError(
        await espejo.request('GET', '/api/vector-stores', { key: null, headers: { authorization } }),
        401,
        'unauthorized',
      );
    },
  );

  it('are answered 401 before the path and the body are checked', async () => {
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

  it('are answered by health checks, the OpenAPI document and its page', async () => {
    for (const path of ['/healthz', '/readyz', '/api/openapi.json', '/api/docs']) {
      expect((await espejo.request('GET', path, { key: null })).status, path).toBe(200);
    }
  });
});

describe('request bodies', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };
  it.each([
    '{',
    '{"name":}',
    'nonsense',
    '{"name": "x",}',
    '\u0000',
    '{"a":1}{"b":2}',
    '{"__proto__":{"isAdmin":true}}',
  ])('%j is rejected as invalid JSON', async (body) => {
    for (const path of ['/api/connections', '/api/sync-runs', '/api/connections/test']) {
      expectError(await espejo.request('POST', path, { body, headers: JSON_TYPE }), 400, 'invalid_json');
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'the content type %s is rejected with 415',
    async (type) => {
      const answer = await espejo.request('POST', '/api/sync-runs', { body: '{}', headers: { 'content-type': type } });
      expect(expectError(answer, 415, 'unsupported_media_type')).toMatch(/application\/json/);
    },
  );

  it('of 40 MB are answered 413, and the next request works', async () => {
    const body = `{"name":"${'x'.repeat(40 * 2 ** 20)}"}`;
    for (const path of ['/api/connections', '/api/sync-runs', '/api/connections', '/api/connections/test']) {
      expectError(await espejo.request('POST', path, { body, headers: JSON_TYPE }), 413, 'body_too_large');
      expect((await get('/api/status')).status).toBe(200);
    }
  });

  it('of 40 MB without a length are answered 413', async () => {
    const response = await fetch(`${espejo.url}/api/connections`, {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization: `Bearer ${API_KEY}` },
      body: new Blob(['{"name":"', 'x'.repeat(40 * 2 ** 20), '"}']).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } });
  });

  it('up to the limit are read, and rejected above it', async () => {
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
  ])('POST %s %j is rejected with the name of the invalid field', async (path, body, named) => {
    expect(expectError(await post(path, body), 400, 'invalid_request')).toMatch(named);
  });
});

describe('request ids', () => {
  it('are made by the server, and a valid id of the caller is logged beside them', async () => {
    const answer = await espejo.request('GET', '/api/vector-stores/none', {
      headers: { 'x-request-id': 'trace-42.a_b' },
    });
    expectError(answer, 404, 'vector_store_not_found');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    await expect.poll(() => espejo.log).toContain('"callerRequestId":"trace-42.a_b"');
  });

  it.each(['x'.repeat(101), 'a b', '"},{"level":60', ''])('the id %j of a caller is ignored', async (id) => {
    const answer = await espejo.request('GET', '/api/vector-stores/none', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  });

  it('are on successful answers too', async () => {
    for (const path of ['/api/status', '/api/vector-stores', '/healthz', '/api/openapi.json']) {
      const { headers } = await get(path);
      expect(headers.get('x-request-id'), path).toMatch(/^req_/);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });
});

describe('malformed HTTP', () => {
  it.each([
    ['nonsense', 'hello there\r\n\r\n'],
    ['an unknown method', 'FROBNICATE /api/status HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['headers without end', `GET /api/status HTTP/1.1\r\nhost: x\r\nx-big: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['two lengths', 'POST /api/sync-runs HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}'],
    ['no host', 'GET /api/status HTTP/1.1\r\n\r\n'],
  ])('%s is answered with the common error format', async (_, bytes) => {
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
