import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localApiUrl, readPort, requireFreePort } from './ports.mjs';

describe('readPort', () => {
  it.each([
    [undefined, 4000],
    ['', 4000],
    [' 8080 ', 8080],
  ])('reads %j as %i', (text, port) => {
    expect(readPort({ API_PORT: text }, 'API_PORT', 4000)).toBe(port);
  });

  it.each(['abc', '0', '-1', '65536', '80.5', '1e3'])('rejects %j with the name of the variable', (text) => {
    expect(() => readPort({ PORT: text }, 'PORT', 3000)).toThrow(`PORT is "${text}"`);
  });

  it('accepts 0 where any free port is allowed', () => {
    expect(readPort({ API_PORT: '0' }, 'API_PORT', 4000, { isZeroAllowed: true })).toBe(0);
  });
});

describe('requireFreePort', () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => void server.close());

  it('fails at once for a port in use, with what to do', async () => {
    await expect(requireFreePort({ port, name: 'PORT', what: 'the console' })).rejects.toThrow(
      new RegExp(`Port ${port}, wanted for the console, is taken.*PORT=\\d+`),
    );
  });

  it('waits, when allowed to, for a process that is ending', async () => {
    setTimeout(() => server.close(), 150);
    await expect(requireFreePort({ port, name: 'PORT', what: 'the console', graceMs: 3_000 })).resolves.toBeUndefined();
  });
});

it.each([
  [undefined, 'http://127.0.0.1:4000'],
  ['0.0.0.0', 'http://127.0.0.1:4000'],
  ['localhost', 'http://127.0.0.1:4000'],
  ['192.168.1.5', 'http://192.168.1.5:4000'],
  ['[::1]', 'http://[::1]:4000'],
])('localApiUrl returns for an API on %j the URL %s', (host, url) => {
  expect(localApiUrl({ ESPEJO_HOST: host }, 4000)).toBe(url);
});
