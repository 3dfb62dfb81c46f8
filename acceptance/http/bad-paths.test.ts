import { CONSOLE_ROUTES, type ConsoleOperation, LIMITS, type RouteContract } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
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
const ROUTES = Object.entries(CONSOLE_ROUTES) as [ConsoleOperation, RouteContract][];

describe('ids', () => {
  const NOT_FOUND: Record<string, string> = {
    'Vector stores': 'vector_store_not_found',
    Files: 'file_not_found',
    Sync: 'sync_run_not_found',
    Connections: 'connection_not_found',
    Deletions: 'deletion_not_found',
    Transfers: 'transfer_not_found',
    Keys: 'api_key_not_found',
    Quotas: 'plan_not_found',
    People: 'member_not_found',
    // Routes whose id is of another kind than their tag says.
    previewTransfer: 'vector_store_not_found',
    getParityRun: 'parity_run_not_found',
    revokeInvitation: 'invitation_not_found',
    getTenantPlan: 'tenant_not_found',
    putTenantPlan: 'tenant_not_found',
  };
  const QUERIES: Partial<Record<ConsoleOperation, string>> = { previewTransfer: '?kind=adopt' };
  const BODIES: Partial<Record<ConsoleOperation, unknown>> = {
    approveSyncRun: { planHash: 'x' },
    updateVectorStore: {},
    updateConnection: {},
    updateMember: { role: 'viewer' },
    putStoreGrant: { role: 'editor' },
    putTenantPlan: { planId: 'unlimited' },
    searchVectorStore: { queries: ['x'], filters: null },
  };
  // Routes that need a session are tested in accounts.test.ts.
  const withId = ROUTES.filter(([, route]) => route.path.includes(':id') && route.action !== 'person');
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

  it.each(withId)(
    '%s answers 404 to ids of no object, whatever they look like',
    async (operation, { method, path, tag }) => {
      for (const id of ids) {
        const json = BODIES[operation];
        const url = `${path.replace(':id', id)}${QUERIES[operation] ?? ''}`;
        const answer = await espejo.request(method, url, json === undefined ? {} : { json });
        expectError(answer, 404, NOT_FOUND[operation] ?? NOT_FOUND[tag] ?? '');
      }
    },
  );

  it.each(withId)('%s rejects an id longer than the limit with 400', async (_, { method, path }) => {
    for (const length of [LIMITS.idMax + 1, 4000]) {
      const answer = await espejo.request(method, path.replace(':id', 'x'.repeat(length)));
      expect(expectError(answer, 400, 'invalid_request')).toMatch(String(LIMITS.idMax));
    }
  });

  it('an invalid percent-encoding is rejected with 400', async () => {
    for (const path of ['/api/vector-stores/%zz', '/api/files/%', '/api/sync-runs/%E0%A4%A']) {
      expectError(await get(path), 400, 'invalid_request');
    }
  });

  it('a path cannot read files above the folder that is served', async () => {
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
  // HTTP clients normalise `..` before sending; a raw socket does not.
  it.each(['/api/vector-stores/../connections', '/api/docs/../connections', '/api/docs/../../package.json'])(
    '%s is not normalised to another path',
    async (path) => {
      const reply = await sendRaw(espejo.port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      expect(reply).toMatch(/^HTTP\/1\.1 40[14] /);
      expect(reply).not.toMatch(/baseUrl|dependencies/);
    },
  );
});

describe('unknown paths and methods', () => {
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
  ])('answers 404 at %s', async (path) => {
    expectError(await get(path), 404, 'route_not_found');
  });

  it('the error for a very long path does not repeat it in full', async () => {
    expect(expectError(await get(`/api/${'x'.repeat(8000)}`), 404, 'route_not_found').length).toBeLessThan(400);
  });

  it.each(['OPTIONS', 'PROPFIND'])('answers 404 to the method %s', async (method) => {
    expectError(await espejo.request(method, '/api/vector-stores'), 404, 'route_not_found');
  });
});
