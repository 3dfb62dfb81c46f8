import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitReady } from './wait-ready.mjs';

let server: Server;
let url: string;
let status: number;
beforeEach(async () => {
  status = 503;
  server = createServer((_, response) => response.writeHead(status).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
});
afterEach(() => void server.close());
const never = new AbortController().signal;

describe('waitReady', () => {
  it('waits until the answer is 200', async () => {
    setTimeout(() => {
      status = 200;
    }, 250);
    const startedMs = Date.now();
    await waitReady(url, { timeoutMs: 5_000, what: 'The API', signal: never });
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(240);
  });

  it('fails with the last answer after its time', async () => {
    await expect(waitReady(url, { timeoutMs: 300, what: 'The API', signal: never })).rejects.toThrow(
      'The API was not ready after 0.3 s (it answers 503).',
    );
  });

  it('fails at once with the reason when the service it waits for has ended', async () => {
    const died = new AbortController();
    setTimeout(() => died.abort(new Error('The API exited unexpectedly')), 100);
    await expect(waitReady(url, { timeoutMs: 60_000, what: 'The API', signal: died.signal })).rejects.toThrow(
      'exited unexpectedly',
    );
  });
});
