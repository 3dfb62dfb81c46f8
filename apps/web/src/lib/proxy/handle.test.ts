import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestFacts } from '@espejo/core';
import { afterEach, describe, expect, it } from 'vitest';
import { handleProxyRequest } from './handle.ts';
import { type ProxySettings, readProxySettings } from './settings.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function api(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<ProxySettings> {
  const started = createServer(handler);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  return { apiUrl: `http://127.0.0.1:${port}`, consoleToken: 'console-token', publicHost: null, trustedProxies: 0 };
}

function browser(path: string, init: RequestInit = {}): Request {
  const headers = new Headers({ host: 'localhost:3000', ...(init.headers as Record<string, string> | undefined) });
  return new Request(`http://localhost:3000${path}`, { ...init, headers });
}

/** The facts of such a request over a connection from this machine. */
function factsOf({ method, headers }: Request): RequestFacts {
  return {
    method,
    peer: '127.0.0.1',
    isTls: false,
    host: headers.get('host'),
    origin: headers.get('origin'),
    fetchSite: headers.get('sec-fetch-site'),
    hasBearer: headers.get('authorization')?.startsWith('Bearer ') === true,
    forwarding: {},
  };
}

const proxyRequest = (request: Request, settings: ProxySettings, facts = factsOf(request)) =>
  handleProxyRequest(request, settings, facts);

const echo = (request: IncomingMessage, response: ServerResponse) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ url: request.url, headers: request.headers }));
};

describe('handleProxyRequest', () => {
  it('forwards the address, host, scheme and query of a request, and adds no key', async () => {
    const settings = await api(echo);
    const response = await proxyRequest(browser('/api/vector-stores?q=a%20b'), settings);
    const seen = (await response.json()) as { url: string; headers: Record<string, string> };
    expect(seen.url).toBe('/api/vector-stores?q=a%20b');
    expect(seen.headers).toMatchObject({
      'x-espejo-console': 'console-token',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'localhost:3000',
      'x-forwarded-proto': 'http',
    });
    expect(seen.headers).not.toHaveProperty('authorization');
  });

  it('answers 503 to a request without connection facts', async () => {
    const response = await handleProxyRequest(browser('/api/status'), await api(echo), undefined);
    expect(response.status).toBe(503);
  });

  it('sends the key from its cookie, and does not forward the cookie', async () => {
    const response = await proxyRequest(
      browser('/api/status', { headers: { cookie: 'espejo_key=sk-other' } }),
      await api(echo),
    );
    const { headers } = (await response.json()) as { headers: Record<string, string> };
    expect(headers.authorization).toBe('Bearer sk-other');
    expect(headers.cookie).toBeUndefined();
  });

  it('sends the key from its cookie when the process has no console token', async () => {
    const settings = { ...(await api(echo)), consoleToken: undefined };
    const response = await proxyRequest(browser('/api/status', { headers: { cookie: 'espejo_key=sk-me' } }), settings);
    expect(((await response.json()) as { headers: Record<string, string> }).headers.authorization).toBe('Bearer sk-me');
  });

  it('sends the key from its cookie when Authorization holds no bearer key, such as Basic of a proxy', async () => {
    const headers = { cookie: 'espejo_key=sk-me', authorization: 'Basic YTpi' };
    const response = await proxyRequest(browser('/api/status', { headers }), await api(echo));
    expect(((await response.json()) as { headers: Record<string, string> }).headers.authorization).toBe('Bearer sk-me');
  });

  it('forwards the bearer key of a program unchanged', async () => {
    const init = { method: 'POST', body: '{}', headers: { authorization: 'Bearer mine' } };
    const response = await proxyRequest(browser('/v1/vector_stores', init), await api(echo));
    expect(((await response.json()) as { headers: Record<string, string> }).headers.authorization).toBe('Bearer mine');
  });

  it('rejects a foreign host or a cross-site write before it reaches the API, with any Authorization', async () => {
    let seen = 0;
    const settings = await api((_request, response) => {
      seen += 1;
      response.end();
    });
    for (const authorization of ['', 'x', 'Basic YTpi', 'Bearer x']) {
      const sent = authorization === '' ? {} : { authorization };
      for (const request of [
        browser('/api/status', { headers: { host: 'evil.example', ...sent } }),
        browser('/v1/files', { method: 'POST', body: '{}', headers: { host: 'evil.example', ...sent } }),
        browser('/api/sync-runs', { method: 'POST', body: '{}', headers: { origin: 'https://evil.example', ...sent } }),
      ]) {
        const response = await proxyRequest(request, settings);
        expect(response.status).toBe(403);
        expect(await response.json()).toMatchObject({
          error: { code: 'forbidden_origin', requestId: expect.any(String) },
        });
      }
    }
    expect(seen).toBe(0);
  });

  it('returns the early 413 of an API that does not read the body', async () => {
    const settings = await api((_request, response) => {
      response.writeHead(413, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ error: { code: 'body_too_large', message: 'too large', requestId: 'r' } }));
      response.on('finish', () => response.socket?.destroy());
    });
    const body = 'x'.repeat(40 * 1024 * 1024);
    const response = await proxyRequest(
      browser('/api/sync-runs', {
        method: 'POST',
        body,
        headers: { origin: 'http://localhost:3000', 'content-length': String(body.length) },
      }),
      settings,
    );
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } });
  });

  it('streams events without buffering', async () => {
    const settings = await api((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: progress\ndata: 1\n\n');
    });
    const response = await proxyRequest(browser('/api/sync-runs/r/events'), settings);
    expect(response.headers.get('cache-control')).toContain('no-transform');
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toContain('data: 1');
    await reader?.cancel();
  });

  it('closes the request to the API when the browser disconnects', async () => {
    const left = Promise.withResolvers<void>();
    const settings = await api((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      request.on('close', () => left.resolve());
    });
    const leaving = new AbortController();
    const response = await proxyRequest(browser('/api/x', { signal: leaving.signal }), settings);
    await response.body?.getReader().read();
    leaving.abort();
    await left.promise;
  });

  it('retries a read on a closed kept-alive connection, but never a write', async () => {
    const sockets = new Set<unknown>();
    const seen: string[] = [];
    const settings = await api((request, response) => {
      seen.push(`${request.method}`);
      const isReused = sockets.has(request.socket);
      sockets.add(request.socket);
      if (isReused) request.socket.destroy();
      else response.end('{}');
    });
    const send = async (path: string, init: RequestInit = {}) => {
      const response = await proxyRequest(browser(path, init), settings);
      // The body is read to its end, otherwise the connection is not kept alive.
      await response.text();
      return response.status;
    };
    const write = { method: 'POST', headers: { origin: 'http://localhost:3000' } };
    expect(await send('/api/status')).toBe(200);
    expect(await send('/api/status')).toBe(200);
    expect(seen).toEqual(['GET', 'GET', 'GET']);
    expect(await send('/api/sync-runs/r/cancel', write)).toBe(200);
    expect(await send('/api/sync-runs/r/cancel', write)).toBe(200);
    expect(seen.filter((method) => method === 'POST')).toHaveLength(2);
  });

  it('answers 503 in the error format when the API is not running', async () => {
    const settings = await api(echo);
    server?.close();
    const response = await proxyRequest(browser('/api/status'), settings);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'api_unreachable' } });
  });
});

it('reads its settings with the documented defaults and treats an empty variable as unset', () => {
  expect(readProxySettings({ ESPEJO_CONSOLE_TOKEN: '' })).toEqual({
    apiUrl: 'http://127.0.0.1:4000',
    consoleToken: undefined,
    publicHost: null,
    trustedProxies: 0,
  });
  expect(readProxySettings({ ESPEJO_TRUSTED_PROXIES: '2' }).trustedProxies).toBe(2);
  expect(() => readProxySettings({ ESPEJO_TRUSTED_PROXIES: 'all' })).toThrow('ESPEJO_TRUSTED_PROXIES');
});
