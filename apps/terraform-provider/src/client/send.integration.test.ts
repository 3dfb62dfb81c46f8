import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createSend, type Outgoing } from './send.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const send = createSend({});
const never = new AbortController().signal;
const get = (url: string): Outgoing => ({ method: 'GET', url, headers: {}, body: undefined, timeoutMs: 60_000 });

describe('requests over HTTP', () => {
  it('send a body with its length, and read status, headers and text of the answer', async () => {
    const url = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const { method, headers } = request;
        const received = [method, headers.authorization, headers['content-length'], String(Buffer.concat(chunks))];
        response.writeHead(418, { 'x-request-id': 'req_1' }).end(JSON.stringify(received));
      });
    });
    const headers = { authorization: 'Bearer sk-1' };
    const answer = await send({ ...get(url), method: 'POST', headers, body: '{"name":"Möwe"}' }, never);
    expect(answer.status).toBe(418);
    expect([answer.headers.get('X-Request-Id'), answer.headers.get('retry-after')]).toEqual(['req_1', null]);
    expect(JSON.parse(answer.text)).toEqual(['POST', 'Bearer sk-1', '16', '{"name":"Möwe"}']);
  });

  it('upload forms', async () => {
    const url = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () =>
        response.end(JSON.stringify([request.headers['content-type'], String(Buffer.concat(chunks))])),
      );
    });
    const body = new FormData();
    body.set('file', new Blob(['the content']), 'a.md');
    const [type, text] = JSON.parse((await send({ ...get(url), method: 'POST', body }, never)).text);
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    expect(text).toContain('the content');
  });

  it('reuse connections', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    for (let n = 0; n < 20; n += 1) {
      await Promise.all([send(get(url), never), send(get(url), never)]);
    }
    // Two, unless a busy machine left connections idle for seconds.
    expect(ports.size).toBeLessThan(20);
  });

  it.each([undefined, new FormData()])(
    'do not follow a redirect, which would send the key elsewhere (%s)',
    async (body) => {
      const asked: (string | undefined)[] = [];
      const url = await serve((request, response) => {
        asked.push(request.url);
        request.resume();
        response.writeHead(307, { location: '/other' }).end();
      });
      expect(await send({ ...get(`${url}/one`), method: 'POST', body }, never)).toMatchObject({ status: 307 });
      expect(asked).toEqual(['/one']);
    },
  );

  it('read compressed answers', async () => {
    const url = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"id":"ä"}'));
    });
    expect((await send(get(url), never)).text).toBe('{"id":"ä"}');
  });

  it('time out when the whole answer takes too long, although bytes keep coming', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    });
    const sent = send({ ...get(url), timeoutMs: 100 }, never);
    await expect(sent).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('abort with the reason of the signal, dozens at once, and are not sent after it', async () => {
    const arrived = Promise.withResolvers<void>();
    let askedCount = 0;
    const url = await serve(() => {
      askedCount += 1;
      if (askedCount === 30) arrived.resolve();
    });
    const stopping = new AbortController();
    const all = Promise.allSettled(Array.from({ length: 30 }, () => send(get(url), stopping.signal)));
    await arrived.promise;
    const reason = new Error('Stopped');
    stopping.abort(reason);
    expect(await all).toEqual(Array.from({ length: 30 }, () => ({ status: 'rejected', reason })));
    await expect(send(get(url), stopping.signal)).rejects.toBe(reason);
    expect(askedCount).toBe(30);
  });

  it('fail with the connection error code when refused and when the answer breaks off', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"id"', () => response.destroy());
    });
    await expect(send(get(url), never)).rejects.toMatchObject({ code: 'ECONNRESET' });
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    await expect(send(get(url), never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('use the proxy of the environment when NODE_USE_ENV_PROXY is set', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = await serve((request, response) => {
      asked.push(request.url);
      response.end('{}');
    });
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, http_proxy: proxy };
    await createSend(env)(get('http://api.invalid/v1/files'), never);
    expect(asked).toEqual(['http://api.invalid/v1/files']);
  });
});
