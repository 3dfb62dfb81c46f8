import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createOpenAiUpstream } from '../openai-upstream.ts';
import type { UpstreamPort } from '../port.ts';
import {
  type Script,
  type ScriptedServer,
  sendError,
  sendJson,
  startScriptedServer,
} from '../testing/scripted-server.ts';
import { readBody } from './read-body.ts';

const EMPTY_LIST = { object: 'list', data: [], first_id: null, last_id: null, has_more: false };
/** For what hangs; everything else has as much time as a busy machine needs. */
const SHORT_MS = 100;
const PATIENT_MS = 60_000;

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function connect(script: Script, timeoutMs = PATIENT_MS): Promise<UpstreamPort> {
  server = await startScriptedServer(script);
  return createOpenAiUpstream({ baseUrl: server.baseUrl, apiKey: 'sk-1', timeoutMs, retryMax: 0 });
}

function startBody(response: ServerResponse, status: number, start: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.write(start);
}

const HANGS: [string, Script][] = [
  ['before the headers', () => {}],
  ['in the body', (_, response) => startBody(response, 200, '{"object":"list",')],
  ['in the body of an error', (_, response) => startBody(response, 500, '{"error":')],
];

describe('a request over the transport', () => {
  it.each(HANGS)('ends at its time-out when it hangs %s', async (_, script) => {
    const upstream = await connect(script, SHORT_MS);
    const call = upstream.check();
    await expect(call).rejects.toMatchObject({ kind: 'unavailable', httpStatus: null });
    await expect(call).rejects.toThrow('in time');
  });

  it('ends at its time-out when its response trickles for ever', async () => {
    const timers: NodeJS.Timeout[] = [];
    const upstream = await connect((_, response) => {
      startBody(response, 200, '{');
      timers.push(setInterval(() => response.write(' '), 5));
    }, SHORT_MS);
    await expect(upstream.check()).rejects.toMatchObject({ kind: 'unavailable' });
    for (const timer of timers) clearInterval(timer);
  });

  it.each(HANGS)('is aborted at once, with its connection, when it hangs %s', async (_, script) => {
    let isClosed: Promise<void> = Promise.reject(new Error('never asked'));
    isClosed.catch(() => {});
    const controller = new AbortController();
    const upstream = await connect((request, response) => {
      isClosed = new Promise((resolve) => response.on('close', resolve));
      setTimeout(() => controller.abort(new Error('cancelled')), 20);
      return script(request, response);
    }, 600_000);
    const { signal } = controller;
    await expect(upstream.listFiles({ signal })[Symbol.asyncIterator]().next()).rejects.toThrow('cancelled');
    await isClosed;
    expect(upstream.requestCount).toBe(1);
  });

  it.each<[string, Script, string, number | null]>([
    ['the server does not answer', (_, response) => void response.destroy(), 'unavailable', null],
    [
      'the body is cut short',
      (_, response) => {
        startBody(response, 200, '{"object":"list","data":[', { 'content-length': '1000' });
        setTimeout(() => response.destroy(), 10);
      },
      'malformed',
      200,
    ],
    ['the JSON is cut short', (_, response) => sendJson(response, 200, '{"object":"list","data":['), 'malformed', 200],
    ['the body is empty', (_, response) => sendJson(response, 200, ''), 'malformed', 200],
    ['there is no content', (_, response) => void response.writeHead(204).end(), 'malformed', 204],
    ['the JSON is not a page', (_, response) => sendJson(response, 200, { error: {} }), 'malformed', null],
    [
      'the body of a 401 is cut short',
      (_, response) => {
        startBody(response, 401, '{"error":', { 'content-length': '1000' });
        setTimeout(() => response.destroy(), 10);
      },
      'unauthorized',
      401,
    ],
    [
      'it is redirected',
      (_, response) => void response.writeHead(302, { location: 'about:blank' }).end(),
      'malformed',
      302,
    ],
    ['nothing was modified', (_, response) => void response.writeHead(304).end(), 'malformed', 304],
  ])('fails with the right kind when %s', async (_, script, kind, httpStatus) => {
    const upstream = await connect(script, 5_000);
    await expect(upstream.check()).rejects.toMatchObject({ name: 'UpstreamError', kind, httpStatus });
  });

  it('leaves no part of the key in its error, wherever the response echoes it', async () => {
    for (const offset of [170, 175, 180, 185, 190, 480, 485, 490, 495, 4_080, 4_085]) {
      server = await startScriptedServer((request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(`<${'x'.repeat(offset)} ${request.headers.authorization}`);
      });
      const upstream = createOpenAiUpstream({ baseUrl: server.baseUrl, apiKey: 'sk-very-secret', retryMax: 0 });
      const error: unknown = await upstream.check().catch((caught: unknown) => caught);
      expect(error).toMatchObject({ kind: 'malformed' });
      expect(inspect(error, { depth: 10 })).not.toContain('sk-');
      await server.close();
    }
  });

  it('fails when its response is too large, and is not retried', async () => {
    const megabyte = Buffer.alloc(2 ** 20, ' ');
    server = await startScriptedServer(async (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      await pipeline(
        new Readable({
          read() {
            this.push(megabyte);
          },
        }),
        response,
      );
    });
    const upstream = createOpenAiUpstream({ baseUrl: server.baseUrl, apiKey: 'sk-1', sleep: async () => {} });
    const call = upstream.probeFile('file-1');
    await expect(call).rejects.toMatchObject({ kind: 'malformed', httpStatus: 200 });
    await expect(call).rejects.toThrow('larger');
    expect(upstream.requestCount).toBe(1);
  });

  it('is read as JSON whatever type it declares', async () => {
    const upstream = await connect((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(EMPTY_LIST));
    });
    expect(await upstream.check()).toEqual({ organization: null, project: null });
  });

  it('is read as UTF-8, split characters included', async () => {
    const row = { id: 'file-1', filename: '日本語 😀.txt', purpose: 'assistants', bytes: 1, created_at: 1 };
    const bytes = Buffer.from(JSON.stringify({ ...EMPTY_LIST, data: [row] }));
    const upstream = await connect(async (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (const byte of bytes) response.write(Uint8Array.of(byte));
      response.end();
    }, 5_000);
    for await (const page of upstream.listFiles()) expect(page.items[0]?.filename).toBe('日本語 😀.txt');
  });

  it('fails with the reason when it cannot be sent', async () => {
    const upstream = await connect(() => {});
    await server?.close();
    await expect(upstream.check()).rejects.toThrow('ECONNREFUSED');
    await expect(upstream.check()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([429, 503])(
    'ends with the reason when it is aborted while it waits after HTTP %i, on real timers',
    async (status) => {
      const reason = new Error('cancelled');
      const controller = new AbortController();
      server = await startScriptedServer((_, response) => {
        sendError(response, status, { message: 'later' }, { 'retry-after': '60' });
        setTimeout(() => controller.abort(reason), 30);
      });
      const upstream = createOpenAiUpstream({ baseUrl: server.baseUrl, apiKey: 'sk-1' });
      await expect(upstream.probeFile('file-1', { signal: controller.signal })).rejects.toBe(reason);
      expect(upstream.requestCount).toBe(1);
    },
    // Shorter than the minute that the server requests, so waiting it out fails.
    50_000,
  );

  it('reports the organization and project of the response', async () => {
    const upstream = await connect((_, response) =>
      sendJson(response, 200, EMPTY_LIST, { 'openai-organization': 'org-1', 'openai-project': 'proj_1' }),
    );
    expect(await upstream.check()).toEqual({ organization: 'org-1', project: 'proj_1' });
  });

  it('counts every try, and the 429 among them', async () => {
    server = await startScriptedServer((request, response) => {
      if (request.index < 2) sendError(response, 429, { message: 'slow down' }, { 'retry-after-ms': '1' });
      else if (request.index === 2) sendError(response, 503, { message: 'overloaded' }, { 'retry-after-ms': '1' });
      else sendJson(response, 200, EMPTY_LIST);
    });
    const upstream = createOpenAiUpstream({ baseUrl: server.baseUrl, apiKey: 'sk-1' });
    for await (const _ of upstream.listFiles());
    expect([upstream.requestCount, upstream.rateLimitedCount]).toEqual([4, 2]);
    expect(server.requests).toHaveLength(4);
  });
});

describe('readBody', () => {
  it('reads up to its limit and stops beyond it', async () => {
    expect(await readBody(new Response('12345678'), 8)).toBe('12345678');
    await expect(readBody(new Response('123456789'), 8)).rejects.toThrow('8 bytes');
    expect(await readBody(new Response(null), 8)).toBe('');
  });

  it('does not wait for the end of an endless body', async () => {
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1024)),
      cancel: () => {
        isCancelled = true;
      },
    });
    await expect(readBody(new Response(endless), 10_000)).rejects.toThrow('10000 bytes');
    expect(isCancelled).toBe(true);
  });
});
