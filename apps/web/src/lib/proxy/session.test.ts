import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestFacts } from '@espejo/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeSession, openSession as open } from './session.ts';
import type { ProxySettings } from './settings.ts';

let server: Server;
let settings: ProxySettings;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.headers.authorization === 'Bearer good;key' ? 200 : 401;
    response.end('{"error":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  settings = { apiUrl: `http://127.0.0.1:${port}`, consoleToken: undefined, publicHost: null, trustedProxies: 0 };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const FACTS: RequestFacts = {
  method: 'POST',
  peer: '127.0.0.1',
  isTls: false,
  host: 'localhost:3000',
  origin: 'http://localhost:3000',
  fetchSite: null,
  hasBearer: false,
  forwarding: {},
};

function openSession(body: string, facts: Partial<RequestFacts> = {}, over: Partial<ProxySettings> = {}) {
  const request = new Request('http://localhost:3000/api/session', { method: 'POST', body });
  return open(request, { ...settings, ...over }, { ...FACTS, ...facts });
}

describe('openSession', () => {
  it('stores an accepted key in a cookie that is HttpOnly and SameSite=Strict', async () => {
    const response = await openSession('{"apiKey":" good;key "}');
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toBe('espejo_key=good%3Bkey; Path=/; HttpOnly; SameSite=Strict');
  });

  it('marks the cookie Secure under a public host, whatever scheme a proxy forwards', async () => {
    const host = 'espejo.example';
    const facts = { host, origin: `https://${host}` };
    const response = await openSession('{"apiKey":"good;key"}', facts, { publicHost: host });
    expect(response.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('marks the cookie Secure when a trusted proxy forwards https, and ignores any other sender', async () => {
    const forwarding = { 'x-forwarded-proto': 'https' };
    const trusted = await openSession(
      '{"apiKey":"good;key"}',
      { forwarding, origin: 'https://localhost:3000' },
      { trustedProxies: 1 },
    );
    expect(trusted.headers.get('set-cookie')).toMatch(/; Secure$/);
    const untrusted = await openSession('{"apiKey":"good;key"}', { forwarding });
    expect(untrusted.headers.get('set-cookie')).not.toMatch(/Secure/);
  });

  it('sets no cookie when the API rejects the key', async () => {
    const response = await openSession('{"apiKey":"bad"}');
    expect(response.status).toBe(401);
    expect(response.headers.has('set-cookie')).toBe(false);
    expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
  });

  it.each([
    '',
    'no json',
    '{}',
    '{"apiKey":7}',
    '{"apiKey":"   "}',
    '{"apiKey":"a\\nb"}',
    `{"apiKey":"${'x'.repeat(513)}"}`,
    `{"apiKey":"good;key","more":"${'x'.repeat(5_000)}"}`,
  ])('rejects the body %s', async (body) => {
    expect((await openSession(body)).status).toBe(400);
  });

  it('rejects a request from another site', async () => {
    const response = await openSession('{"apiKey":"good;key"}', { origin: 'https://evil.example' });
    expect(response.status).toBe(403);
  });

  it('answers with an error when the API is not running', async () => {
    const response = await openSession('{"apiKey":"good;key"}', {}, { apiUrl: 'http://127.0.0.1:1' });
    expect(response.status).toBe(503);
  });
});

it('closeSession deletes the cookie', () => {
  expect(closeSession(settings, { ...FACTS, method: 'DELETE' }).headers.get('set-cookie')).toContain(
    'espejo_key=; Max-Age=0;',
  );
});
