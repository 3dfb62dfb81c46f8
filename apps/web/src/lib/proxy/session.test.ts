import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProxySettings } from './handle.ts';
import { closeSession, openSession } from './session.ts';

let server: Server;
let settings: ProxySettings;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.headers.authorization === 'Bearer good;key' ? 200 : 401;
    response.end('{"error":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  settings = { apiUrl: `http://127.0.0.1:${port}`, consoleToken: undefined, publicHost: undefined };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function post(body: string, origin = 'http://localhost:3000', scheme = 'http'): Request {
  return new Request(`${scheme}://localhost:3000/api/session`, {
    method: 'POST',
    body,
    headers: { host: 'localhost:3000', origin },
  });
}

describe('openSession', () => {
  it('keeps an accepted key where scripts and other sites cannot reach it', async () => {
    const response = await openSession(post('{"apiKey":" good;key "}'), settings);
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toBe('espejo_key=good%3Bkey; Path=/; HttpOnly; SameSite=Strict');
  });

  it('marks the cookie Secure where the console is served over https', async () => {
    const response = await openSession(post('{"apiKey":"good;key"}', 'https://localhost:3000', 'https'), settings);
    expect(response.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('keeps nothing when the API refuses the key', async () => {
    const response = await openSession(post('{"apiKey":"bad"}'), settings);
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
  ])('refuses %s', async (body) => {
    expect((await openSession(post(body), settings)).status).toBe(400);
  });

  it('refuses another site', async () => {
    const response = await openSession(post('{"apiKey":"good;key"}', 'https://evil.example'), settings);
    expect(response.status).toBe(403);
  });

  it('says so when there is no API', async () => {
    const response = await openSession(post('{"apiKey":"good;key"}'), { ...settings, apiUrl: 'http://127.0.0.1:1' });
    expect(response.status).toBe(503);
  });
});

it('closeSession forgets the key', () => {
  expect(closeSession(post(''), settings).headers.get('set-cookie')).toContain('espejo_key=; Max-Age=0;');
});
