import type { CreatedInvitation } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { createBrowser, PASSWORD, sessionOf, setUp, type TestBrowser } from '../../testing/browser.ts';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';

const START_MS = 1_800_000_000_000;
const TOKEN = 'the-console-token';
const KEY = 'the-automation-key';
/** What the console says of a local request. */
const through = {
  'x-espejo-console': TOKEN,
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-host': 'localhost',
  'x-forwarded-proto': 'http',
};
const withConsole = (env: Record<string, string> = {}) =>
  createApiHarness(START_MS, { ESPEJO_CONSOLE_TOKEN: TOKEN, ...env });

async function addressOf(browser: TestBrowser): Promise<unknown> {
  const { body } = await browser.send('GET', '/api/account/sessions');
  const { data } = body as { data: { address: string; isCurrent: boolean }[] };
  return data.find(({ isCurrent }) => isCurrent)?.address;
}

describe('the console', () => {
  it('makes local requests an owner until there is an account, and not after', async () => {
    const api = await withConsole();
    const browser = createBrowser(api);
    expect((await browser.send('GET', '/api/session', undefined, through)).body).toMatchObject({
      state: 'setup',
      actor: 'console',
    });
    const ana = await setUp(api);
    expect((await browser.send('GET', '/api/status', undefined, through)).status).toBe(401);
    expect((await browser.send('POST', '/api/setup', {}, through)).status).toBe(401);
    expect((await ana.send('GET', '/api/status', undefined, through)).status).toBe(200);
    expect((await ana.send('POST', '/api/vector-stores', { name: 'x' }, through)).status).toBe(201);
  });

  it.each<[string, Record<string, string>]>([
    ['from another machine', { 'x-forwarded-for': '203.0.113.9' }],
    ['through a proxy on this machine', { 'x-forwarded-for': '203.0.113.9, 127.0.0.1' }],
    ['to a foreign host', { 'x-forwarded-host': 'evil.example' }],
    ['with a forwarded host', { 'x-forwarded-host': 'espejo.example, localhost' }],
    ['beside another forwarding header', { 'cf-connecting-ip': '203.0.113.9' }],
    ['of a page elsewhere', { origin: 'https://evil.example' }],
    ['of another site on this machine', { origin: 'http://localhost:5173' }],
    ['without its token', { 'x-espejo-console': 'none' }],
    ['with a forged token', { 'x-espejo-console': 'forged' }],
  ])('does not make a request an owner %s', async (_, headers) => {
    const api = await withConsole();
    const browser = createBrowser(api);
    for (const bearer of [undefined, 'x', 'Basic YTpi', `Bearer ${TOKEN}`]) {
      const sent = { ...through, ...headers, ...(bearer !== undefined && { authorization: bearer }) };
      for (const method of ['GET', 'POST'] as const) {
        const answer = await browser.send(method, '/api/vector-stores', method === 'POST' ? {} : undefined, sent);
        expect(answer).toMatchObject({ status: 403, code: 'forbidden_origin' });
      }
    }
  });

  it('makes no request an owner once ESPEJO_API_KEY is set', async () => {
    const browser = createBrowser(await withConsole({ ESPEJO_API_KEY: KEY }));
    for (const headers of [through, { ...through, authorization: `Bearer ${TOKEN}` }, {}]) {
      expect((await browser.send('GET', '/api/vector-stores', undefined, headers)).status).toBe(401);
      expect((await browser.send('GET', '/api/session', undefined, headers)).body).toMatchObject({
        state: 'signed_out',
      });
    }
  });

  it('is trusted for a browser’s address, host and scheme; no other client is', async () => {
    const api = await withConsole();
    await setUp(api);
    const signIn = async (headers: Record<string, string>) => {
      const browser = createBrowser(api, '127.0.0.1');
      const forwarded = {
        origin: 'https://espejo.example',
        'x-forwarded-for': '6.6.6.6, 203.0.113.9',
        'x-forwarded-host': 'espejo.example',
        'x-forwarded-proto': 'https',
      };
      const body = { email: 'ana@example.com', password: PASSWORD };
      const answer = await browser.send('POST', '/api/sign-in', body, { ...forwarded, ...headers });
      return { browser, answer };
    };
    const vouched = await signIn({ 'x-espejo-console': TOKEN });
    expect(vouched.answer.status).toBe(200);
    expect(String(vouched.answer.headers['set-cookie'])).toContain('; Secure');
    expect(vouched.answer.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(await addressOf(vouched.browser)).toBe('203.0.113.9');
    for (const headers of [{}, { 'x-espejo-console': 'forged' }, { 'x-espejo-console': '' }]) {
      expect((await signIn(headers)).answer).toMatchObject({ status: 403, code: 'forbidden_origin' });
      const { browser, answer } = await signIn({ ...headers, origin: 'http://localhost' });
      expect([answer.status, await addressOf(browser)]).toEqual([200, '127.0.0.1']);
      expect(String(answer.headers['set-cookie'])).not.toContain('; Secure');
    }
  });

  it('counts the trusted proxies before it, and uses no address beyond them', async () => {
    const api = await withConsole({ ESPEJO_API_KEY: KEY, ESPEJO_TRUSTED_PROXIES: '1' });
    const owner = { name: 'Ana', email: 'ana@example.com', password: PASSWORD };
    await createBrowser(api).send('POST', '/api/setup', owner, { authorization: `Bearer ${KEY}` });
    const browser = createBrowser(api);
    const headers = { ...through, 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 127.0.0.1' };
    const { email, password } = owner;
    expect((await browser.send('POST', '/api/sign-in', { email, password }, headers)).status).toBe(200);
    expect(await addressOf(browser)).toBe('203.0.113.9');
  });

  it('uses its public name as the host', async () => {
    const api = await withConsole({ ESPEJO_PUBLIC_HOST: 'espejo.example', ESPEJO_API_KEY: KEY });
    const ana = createBrowser(api);
    const owner = { name: 'Ana', email: 'ana@example.com', password: PASSWORD };
    await ana.send('POST', '/api/setup', owner, { authorization: `Bearer ${KEY}` });
    const create = (origin: string) => ana.send('POST', '/api/vector-stores', { name: 'x' }, { origin });
    expect((await create('https://espejo.example')).status).toBe(201);
    expect((await create('https://espejo.example.evil.example')).status).toBe(403);
    expect((await create('http://espejo.example')).status).toBe(403);
  });
});

describe('the automation key', () => {
  const automation = { authorization: `Bearer ${KEY}` };
  const withKey = async (): Promise<{ api: ApiHarness; program: TestBrowser }> => {
    const api = await createApiHarness(START_MS, { ESPEJO_API_KEY: KEY });
    return { api, program: createBrowser(api) };
  };

  it('sets up the owner of an installation without local trust, and stays an operator', async () => {
    const { api, program } = await withKey();
    expect((await sessionOf(program)).state).toBe('signed_out');
    const owner = { name: 'Ana', email: 'ana@example.com', password: PASSWORD };
    expect((await program.send('POST', '/api/setup', owner)).status).toBe(401);
    const made = await program.send('POST', '/api/setup', owner, automation);
    expect(made.body).toMatchObject({ state: 'signed_in', user: { email: 'ana@example.com' } });
    const again = await createBrowser(api).send('GET', '/api/session', undefined, automation);
    expect(again.body).toMatchObject({ state: 'trusted', role: 'owner', isOperator: true, user: null });
  });

  it('must name the owner of a tenant that it creates, as it is no user', async () => {
    const { api, program } = await withKey();
    await program.send('POST', '/api/setup', { name: 'Ana', email: 'ana@example.com', password: PASSWORD }, automation);
    const stranger = createBrowser(api);
    const create = (body: unknown) => stranger.send('POST', '/api/tenants', body, automation);
    expect(await create({ name: 'Acme' })).toMatchObject({ status: 400, code: 'invalid_request' });
    const { body } = await create({ name: 'Acme', ownerEmail: 'gil@example.com' });
    const { id, invitation } = body as { id: string; invitation: CreatedInvitation };
    const accept = { token: invitation.token, name: 'Gil', password: PASSWORD };
    expect((await stranger.send('POST', '/api/invitations/accept', accept)).body).toMatchObject({
      tenant: { id },
      role: 'owner',
      isOperator: false,
    });
  });

  it('takes precedence over a cookie, and an invalid one is not replaced by the cookie', async () => {
    const { api, program } = await withKey();
    await program.send('POST', '/api/setup', { name: 'Ana', email: 'ana@example.com', password: PASSWORD }, automation);
    expect((await sessionOf(program)).user?.email).toBe('ana@example.com');
    const asKey = await program.send('GET', '/api/session', undefined, automation);
    expect(asKey.body).toMatchObject({ actor: 'api-key', user: null });
    const wrong = { authorization: 'Bearer wrong' };
    expect((await program.send('GET', '/api/status', undefined, wrong)).status).toBe(401);
    expect(api.audit().filter(({ action }) => action === 'owner.set_up')).toHaveLength(1);
  });
});
