import fastify from 'fastify';
import { expect, it } from 'vitest';
import { type ReadFacts, readFacts } from './request-facts.ts';

const TOKEN = 'the-console-token';

async function read(headers: Record<string, string>, remoteAddress = '127.0.0.1'): Promise<ReadFacts> {
  const app = fastify();
  let read: ReadFacts | undefined;
  app.get('/', async (request) => {
    read = readFacts(request, TOKEN);
  });
  await app.inject({ url: '/', headers, remoteAddress });
  await app.close();
  if (read === undefined) throw new Error('the request did not arrive');
  return read;
}

it('facts of a request without the console are the connection’s', async () => {
  const { facts, via } = await read(
    { host: 'localhost:4000', origin: 'http://a', 'sec-fetch-site': 'cross-site', via: '1.1 x', accept: '*/*' },
    '192.0.2.1',
  );
  expect(via).toBe('direct');
  expect(facts).toEqual({
    method: 'GET',
    peer: '192.0.2.1',
    isTls: false,
    host: 'localhost:4000',
    origin: 'http://a',
    fetchSite: 'cross-site',
    hasBearer: false,
    forwarding: { via: '1.1 x' },
  });
});

it('facts of a request have no address when the client disconnected before it was processed', async () => {
  const app = fastify();
  let peer: string | null | undefined;
  app.get('/', async (request) => {
    // As in Node: a closed socket has no address.
    Object.defineProperty(request, 'ip', { value: undefined });
    ({ peer } = readFacts(request, TOKEN).facts);
  });
  await app.inject('/');
  await app.close();
  expect(peer).toBeNull();
});

it('facts of a request through the console are its last entries about its own client, after forwarded ones', async () => {
  const { facts, via } = await read({
    host: '127.0.0.1:4000',
    'x-espejo-console': TOKEN,
    'x-forwarded-for': '6.6.6.6, 203.0.113.9, 127.0.0.1',
    'x-forwarded-host': 'evil.example, espejo.example',
    'x-forwarded-proto': 'https',
    'x-real-ip': '203.0.113.9',
  });
  expect(via).toBe('console');
  expect(facts).toMatchObject({
    peer: '127.0.0.1',
    host: 'espejo.example',
    isTls: true,
    forwarding: {
      'x-forwarded-for': '6.6.6.6, 203.0.113.9',
      'x-forwarded-host': 'evil.example',
      'x-real-ip': '203.0.113.9',
    },
  });
});

it.each(['forged', 'none', ''])(
  'facts of a request ignore the console’s headers with %j for the token',
  async (token) => {
    const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'espejo.example' };
    const { facts, via } = await read({ host: 'localhost', 'x-espejo-console': token, ...forwarded });
    expect(via).toBe('stranger');
    expect(facts).toMatchObject({ peer: '127.0.0.1', host: 'localhost', forwarding: forwarded });
  },
);
