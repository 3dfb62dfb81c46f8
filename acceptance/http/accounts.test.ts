import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { CONSOLE_ROUTES, type RouteContract } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, join, openBrowser, PASSWORD, setUpOwner } from '../support/browser.ts';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { hold } from '../support/hold.ts';
import { expectError, expectErrorDetails, send } from '../support/http.ts';

const ROUTES = Object.entries<RouteContract>(CONSOLE_ROUTES);
const ATTEMPTS = 10_000;

describe('accounts', () => {
  let sandbox: RunningSandbox;
  let espejo: Espejo;
  let ana: Browser;
  let vic: Browser;
  beforeAll(async () => {
    sandbox = await startSandbox();
    sandbox.seed({ stores: 2, filesPerStore: 1 });
    const upstream = { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any' };
    espejo = await startEspejo({ apiKey: null, env: { ...upstream, ESPEJO_SYNC_ENABLED: 'false' } });
    expect((await espejo.request('GET', '/api/session')).json).toMatchObject({ state: 'setup', hasAccounts: false });
    ana = await setUpOwner(espejo);
    vic = await join(espejo, ana, { email: 'vic@example.com', role: 'viewer' });
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox?.close();
  });

  it('the first account ends unauthenticated access from this machine to every endpoint', async () => {
    for (const path of ['/api/status', '/api/vector-stores', '/metrics', '/api/audit-events/export']) {
      expectError(await espejo.request('GET', path), 401, 'unauthorized');
    }
    expect((await espejo.request('GET', '/v1/vector_stores')).status).toBe(401);
    expect((await espejo.request('GET', '/v1/vector_stores', { key: 'any' })).status).toBe(401);
    const again = { name: 'Eve', email: 'eve@example.com', password: PASSWORD };
    expectError(await espejo.request('POST', '/api/setup', { json: again }), 401, 'unauthorized');
    expect((await espejo.request('GET', '/api/session')).json).toMatchObject({
      state: 'signed_out',
      hasAccounts: true,
    });
    expect((await espejo.request('GET', '/healthz')).status).toBe(200);
  });

  it('a signed-in owner can create an API key, and the key works beside accounts', async () => {
    const made = await ana.request('POST', '/api/api-keys', { name: 'ci', role: 'viewer' });
    const { key } = made.json as { key: string };
    expect((await espejo.request('GET', '/api/status', { key })).status).toBe(200);
    expect((await espejo.request('GET', '/v1/vector_stores', { key })).status).toBe(200);
    expect((await espejo.request('GET', '/api/session', { key })).json).toMatchObject({
      state: 'trusted',
      role: 'viewer',
    });
  });

  const changes = ROUTES.filter(
    ([, { method, action }]) => method !== 'GET' && action !== 'open' && action !== 'person',
  );
  it.each(changes)(
    '%s is refused to a viewer unless it only reads or searches',
    async (_, { method, path, action, isForOperators }) => {
      const answer = await vic.request(method, path.replaceAll(/:\w+/g, 'none'), method === 'DELETE' ? undefined : {});
      if (action === 'read' || action === 'search') {
        expect([401, 403]).not.toContain(answer.status);
        return;
      }
      if (isForOperators) expectError(answer, 403, 'operator_required');
      else expect(expectErrorDetails(answer, 403, 'role_insufficient')).toMatchObject({ role: 'viewer' });
    },
  );

  it.each(ROUTES.filter(([, { action }]) => action !== 'open'))(
    '%s answers 401 to a browser that is not signed in',
    async (_, { method, path }) => {
      const answer = await openBrowser(espejo).request(
        method,
        path.replaceAll(/:\w+/g, 'none'),
        method === 'GET' ? undefined : {},
      );
      expectError(answer, 401, 'unauthorized');
    },
  );

  it.each(ROUTES.filter(([, { method }]) => method !== 'GET'))(
    '%s answers 403 to a page of another site',
    async (_, { method, path }) => {
      const forged = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      const answer = await ana.request(method, path.replaceAll(/:\w+/g, 'none'), {}, forged);
      expectError(answer, 403, 'forbidden_origin');
    },
  );

  it('a stolen cookie stops working at sign-out, password change and removal of the member', async () => {
    const bob = await join(espejo, ana, { email: 'bob@example.com', role: 'editor' });
    const isIn = async (browser: Browser) => (await browser.request('GET', '/api/status')).status === 200;
    const signIn = () => bob.request('POST', '/api/sign-in', { email: 'bob@example.com', password: PASSWORD });
    const next = async (end: () => Promise<unknown>) => {
      const thief = bob.copy();
      expect(await isIn(thief)).toBe(true);
      await end();
      expect(await isIn(thief)).toBe(false);
    };
    await next(() => bob.request('POST', '/api/sign-out'));
    await signIn();
    await next(() => bob.request('POST', '/api/account/password', { current: PASSWORD, next: PASSWORD }));
    expect(await isIn(bob)).toBe(true);
    await next(async () => {
      const { data } = (await ana.request('GET', '/api/members')).json as {
        data: { id: string; user: { email: string } }[];
      };
      await ana.request('DELETE', `/api/members/${data.find(({ user }) => user.email === 'bob@example.com')?.id}`);
    });
    expect(await isIn(bob)).toBe(false);
  });

  it('an event stream ends when the session that opened it ends', async () => {
    const cy = await join(espejo, ana, { email: 'cy@example.com', role: 'viewer' });
    using held = hold(sandbox, /\/files$/);
    const { id } = (await ana.request('POST', '/api/sync-runs', { full: true })).json as { id: string };
    await held.reached;
    const cookie = [...cy.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const stream = await fetch(`${espejo.url}/api/sync-runs/${id}/events`, { headers: { cookie } });
    expect(stream.status).toBe(200);
    await cy.request('POST', '/api/sign-out');
    const text = await stream.text();
    expect(text).toContain('event: progress');
    expect(text).not.toContain('event: end');
  });

  it('no password, token or cookie is stored in plain text in the database or the log', async () => {
    const { dataDir } = espejo;
    const { json } = await ana.request('POST', '/api/invitations', { email: 'dee@example.com', role: 'viewer' });
    const { token } = json as { token: string };
    const [cookie = ''] = [...ana.cookies].filter(([name]) => name === 'espejo_session').map(([, value]) => value);
    for (const name of readdirSync(dataDir).filter((file) => file.startsWith('espejo.db'))) {
      const bytes = readFileSync(joinPath(dataDir, name), 'latin1');
      for (const secret of [PASSWORD, token, decodeURIComponent(cookie)])
        expect(bytes.includes(secret), name).toBe(false);
    }
    for (const secret of [PASSWORD, token, cookie, cookie.split('.', 1)[0] ?? ''])
      expect(espejo.log).not.toContain(secret);
  });
});

describe(`${ATTEMPTS} failed sign-in attempts with wrong passwords`, () => {
  it('are throttled and do not lock the user out of a device that signed in before', {
    timeout: 1_200_000,
  }, async () => {
    await using espejo = await startEspejo({ apiKey: null, env: { ESPEJO_SYNC_ENABLED: 'false', LOG_LEVEL: 'warn' } });
    const ana = await setUpOwner(espejo);
    const statuses = new Map<number, number>();
    let next = 0;
    const attempt = async () => {
      while (next < ATTEMPTS) {
        const json = { email: 'ana@example.com', password: `attempt ${next++}` };
        const { status } = await send(espejo.url, 'POST', '/api/sign-in', { json });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 20 }, attempt));
    expect([...statuses.keys()].sort()).toEqual([401, 429]);
    expect((statuses.get(401) ?? 0) + (statuses.get(429) ?? 0)).toBe(ATTEMPTS);
    // Ten at once, and one more per minute.
    expect(statuses.get(401)).toBeLessThan(15);

    const right = { email: 'ana@example.com', password: PASSWORD };
    expect(
      Number(
        expectErrorDetails(await send(espejo.url, 'POST', '/api/sign-in', { json: right }), 429, 'sign_in_throttled')
          .retryAfterS,
      ),
    ).toBeLessThanOrEqual(60);
    expect((await ana.request('GET', '/api/status')).status).toBe(200);
    const known = ana.copy();
    await known.request('POST', '/api/sign-out');
    expect((await known.request('POST', '/api/sign-in', right)).status).toBe(200);

    const { json } = await known.request('GET', '/api/audit-events?q=session.refused&limit=200');
    expect((json as { data: unknown[] }).data.length).toBeLessThan(20);
  });
});

describe(`${ATTEMPTS} requests with wrong API keys`, () => {
  it('are throttled, do not fill the audit log and do not block a valid key from the same address', {
    timeout: 1_200_000,
  }, async () => {
    await using espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false', LOG_LEVEL: 'warn' } });
    const { key } = await espejo.call('createApiKey', { body: { name: 'ci', role: 'viewer' } });
    const paths = ['/api/status', '/v1/vector_stores', '/metrics', '/api/no-such-place'];
    const statuses = new Map<number, number>();
    const letIn: number[] = [];
    let next = 0;
    const attempt = async () => {
      while (next < ATTEMPTS) {
        const at = next++;
        const path = paths[at % paths.length] ?? '/api/status';
        const { status } = await send(espejo.url, 'GET', path, { headers: { authorization: `Bearer esp_wrong${at}` } });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        // A valid key from the same address meanwhile.
        if (at % 500 === 0) letIn.push((await espejo.request('GET', '/api/status', { key })).status);
      }
    };
    await Promise.all(Array.from({ length: 20 }, attempt));
    expect([...statuses.keys()].sort()).toEqual([401, 429]);
    expect(statuses.get(429)).toBeGreaterThan(ATTEMPTS / 2);
    expect(new Set(letIn)).toEqual(new Set([200]));
    expect((await espejo.request('GET', '/api/status')).status).toBe(200);

    const { data } = await espejo.call('listAuditEvents', { query: { q: 'key.refused', limit: 200 } });
    expect(data.length).toBeGreaterThan(0);
    expect(data.length).toBeLessThan(20);
    expect(JSON.stringify(data)).not.toContain('esp_wrong');
    expect(espejo.log).not.toContain('esp_wrong');
    const { text } = await espejo.request('GET', '/metrics');
    const counted = [...text.matchAll(/^espejo_wrong_keys_total\{answer="\w+"\} (\d+)$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(counted.reduce((total, count) => total + count, 0)).toBe(ATTEMPTS);
  });
});
