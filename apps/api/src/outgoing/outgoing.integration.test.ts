import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, isIP, type LookupFunction } from 'node:net';
import { createOpenAiUpstream } from '@espejo/upstream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOutgoing } from './outgoing.ts';

const OPERATOR = 'default';
const TENANT = 'tenant_other';

interface Listener {
  readonly port: number;
  /** The method and path of requests that arrived. */
  readonly heard: string[];
  close(): Promise<void>;
}

async function listen(answer: RequestListener): Promise<Listener> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  async function close(): Promise<void> {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  onTestFinished(close);
  return { port: (server.address() as AddressInfo).port, heard, close };
}

const answerOk: RequestListener = (_, response) => response.end('{"object":"list","data":[],"has_more":false}');

/** Host names of the tests; each lookup returns the next address, the last one from then on. */
function resolver(names: Readonly<Record<string, readonly string[]>>): LookupFunction {
  const asked = new Map<string, number>();
  return (hostname, options, callback) => {
    const addresses = names[hostname] ?? [];
    const turn = asked.get(hostname) ?? 0;
    asked.set(hostname, turn + 1);
    const found = (addresses[Math.min(turn, addresses.length - 1)] ?? '').split(' ').map((address) => ({
      address,
      family: isIP(address),
    }));
    if (options.all === true) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
}

function outgoing(options: { isPrivateAllowed?: boolean; lookup?: LookupFunction } = {}) {
  const made = createOutgoing({ operatorTenantId: OPERATOR, isPrivateAllowed: false, ...options });
  onTestFinished(() => made.close());
  return made;
}

// Loopback stands for every range (see public-address.test.ts): if the rule is broken, nothing leaves this machine.
describe('the HTTP client of a tenant other than the operators’', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '0.0.0.0',
    '0',
    '127.0.0.1.',
    '１２７.0.0.1',
    'localhost',
    'LOCALHOST.',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
  ])('never connects to this machine as %s', async (host) => {
    const { port, heard } = await listen(answerOk);
    const asked = outgoing().fetchOf(TENANT)(`http://${host}:${port}/v1`);
    // Some resolvers do not accept a name that ends in a dot.
    const code = expect.stringMatching(host.endsWith('T.') ? /ADDRESS_REFUSED|ENOTFOUND/ : /ADDRESS_REFUSED/);
    await expect(asked).rejects.toMatchObject({ cause: { code } });
    expect(heard).toEqual([]);
  });

  it('rejects a name all of whose addresses are private, over https too', async () => {
    const lookup = resolver({ 'internal.test': ['127.0.0.1 ::1'] });
    for (const scheme of ['http', 'https']) {
      const asked = outgoing({ lookup }).fetchOf(TENANT)(`${scheme}://internal.test/v1`);
      await expect(asked).rejects.toMatchObject({ cause: { code: 'ADDRESS_REFUSED' } });
    }
  });

  it('connects to the checked address: a name that changes to loopback has no effect', async () => {
    const { port, heard } = await listen(answerOk);
    // The first answer is public, so a check before the request would pass it.
    const lookup = resolver({ 'rebind.test': ['203.0.114.1', '127.0.0.1'] });
    await new Promise<void>((resolve) => lookup('rebind.test', { all: true }, () => resolve()));
    const asked = outgoing({ lookup }).fetchOf(TENANT)(`http://rebind.test:${port}/v1`);
    await expect(asked).rejects.toMatchObject({ cause: { code: 'ADDRESS_REFUSED' } });
    expect(heard).toEqual([]);
  });

  it('uses only the public ones of a name’s addresses', async () => {
    const { port, heard } = await listen(answerOk);
    // 203.0.114.1 is public and does not answer; loopback would answer.
    const lookup = resolver({ 'mixed.test': ['127.0.0.1 203.0.114.1'] });
    const signal = AbortSignal.timeout(500);
    await expect(outgoing({ lookup }).fetchOf(TENANT)(`http://mixed.test:${port}/v1`, { signal })).rejects.toThrow();
    expect(heard).toEqual([]);
  });

  it('connects to every address where the operator allows it', async () => {
    const { port, heard } = await listen(answerOk);
    const { fetchOf, isNetworkTold } = outgoing({ isPrivateAllowed: true });
    expect((await fetchOf(TENANT)(`http://127.0.0.1:${port}/v1`)).status).toBe(200);
    expect(heard).toEqual(['GET /v1']);
    expect(isNetworkTold(TENANT)).toBe(true);
  });

  it('is the operators’ client for the operators’ own tenant', async () => {
    const { port } = await listen(answerOk);
    const { fetchOf, isNetworkTold } = outgoing();
    expect((await fetchOf(OPERATOR)(`http://127.0.0.1:${port}/v1`)).status).toBe(200);
    expect([isNetworkTold(OPERATOR), isNetworkTold(TENANT)]).toEqual([true, false]);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('is not followed (%i), wherever it leads', async (status) => {
    const target = await listen(answerOk);
    const { port, heard } = await listen((_, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${target.port}/internal/admin?cmd=run` }).end();
    });
    const { operatorFetch, fetchOf } = outgoing({ isPrivateAllowed: true });
    for (const ask of [operatorFetch, fetchOf(TENANT)]) {
      const headers = { authorization: 'Bearer sk-secret' };
      const answer = await ask(`http://127.0.0.1:${port}/v1`, { method: 'POST', body: 'a query', headers });
      expect(answer.status).toBe(status);
    }
    expect(heard).toEqual(['POST /v1', 'POST /v1']);
    expect(target.heard).toEqual([]);
  });
});

describe('the test result of a base URL for a tenant', () => {
  const CASES: readonly (readonly [string, RequestListener | null])[] = [
    ['nothing listens', null],
    ['a connection that is cut', (request) => request.socket.destroy()],
    ['a web page', (_, response) => response.end('<!doctype html>')],
    ['JSON of another kind', (_, response) => response.end('{"hello":"world"}')],
    ['HTTP 404', (_, response) => response.writeHead(404).end('{"detail":"Not Found"}')],
    ['HTTP 401 of another kind', (_, response) => response.writeHead(401).end('login')],
    ['HTTP 403 of another kind', (_, response) => response.writeHead(403).end('no')],
    ['HTTP 429 of another kind', (_, response) => response.writeHead(429).end('slow')],
    ['HTTP 500 of another kind', (_, response) => response.writeHead(500).end('oops')],
    ['a redirect', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1/' }).end()],
    [
      'a body that ends early',
      (request, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{', () => request.socket.destroy());
      },
    ],
  ];

  async function messageOf(answer: RequestListener | null, hidesNetwork: boolean, send = fetch): Promise<object> {
    const { port, close } = await listen(answer ?? answerOk);
    if (answer === null) await close();
    const upstream = createOpenAiUpstream({
      baseUrl: `http://127.0.0.1:${port}/v1`,
      apiKey: 'sk-1',
      retryMax: 0,
      fetch: send,
      hidesNetwork,
    });
    const { message, shownKind } = await upstream.check().then(
      () => ({ message: 'it works', shownKind: 'ok' }),
      (error) => error,
    );
    return { message: message.replace(String(port), 'PORT'), shownKind };
  }

  it('is the same whatever is there, and whether or not the address is allowed', async () => {
    const refused = await messageOf(answerOk, true, outgoing().fetchOf(TENANT));
    expect(refused).toEqual({ message: expect.stringContaining('No server that speaks'), shownKind: 'unavailable' });
    for (const [name, answer] of CASES) expect([name, await messageOf(answer, true)]).toEqual([name, refused]);
  });

  it('has the detail for the operator, different in each case', async () => {
    const told = new Set<string>();
    for (const [, answer] of CASES) told.add(JSON.stringify(await messageOf(answer, false)));
    expect(told.size).toBe(CASES.length);
  });

  it('has the error text of an OpenAI-compatible server', async () => {
    const says = (status: number, message: string): RequestListener => {
      return (_, response) => response.writeHead(status).end(JSON.stringify({ error: { message, code: null } }));
    };
    expect(await messageOf(says(401, 'Incorrect API key'), true)).toMatchObject({ shownKind: 'unauthorized' });
    expect(await messageOf(says(429, 'Rate limit'), true)).toMatchObject({ shownKind: 'rate_limited' });
    expect(await messageOf(says(503, 'Overloaded'), true)).toMatchObject({
      message: expect.stringContaining('HTTP 503'),
    });
    expect(await messageOf(answerOk, true)).toMatchObject({ shownKind: 'ok' });
  });
});
