import { describe, expect, it } from 'vitest';
import { isForwardingHeader, nameThisMachineOnly } from './forwarding-headers.ts';
import { locateRequest, type Reach, type RequestFacts, refuseAtConsole } from './request-origin.ts';

const ALONE: Reach = { publicHost: null, trustedProxies: 0 };
const PUBLIC: Reach = { publicHost: 'espejo.example', trustedProxies: 0 };

function facts(over: Partial<RequestFacts> = {}): RequestFacts {
  return {
    method: 'GET',
    peer: '127.0.0.1',
    isTls: false,
    host: 'localhost:3000',
    origin: null,
    fetchSite: null,
    hasBearer: false,
    forwarding: {},
    ...over,
  };
}

describe('isThisMachine', () => {
  const isHere = (over: Partial<RequestFacts>, reach = ALONE) => locateRequest(facts(over), reach).isThisMachine;

  it('is true for a program and for a page of this Espejo on this machine', () => {
    expect(isHere({})).toBe(true);
    expect(isHere({ peer: '::1', host: '[::1]:3000' })).toBe(true);
    expect(isHere({ origin: 'http://localhost:3000', fetchSite: 'same-origin' })).toBe(true);
    expect(isHere({ fetchSite: 'none' })).toBe(true);
    const forwarding = { 'x-forwarded-for': '127.0.0.1, ::1', 'x-forwarded-host': 'localhost:3000' };
    expect(isHere({ forwarding: { ...forwarding, 'x-forwarded-proto': 'http' } })).toBe(true);
  });

  it.each<[string, Partial<RequestFacts>]>([
    ['a connection from elsewhere', { peer: '192.0.2.1' }],
    ['a connection whose other end is not known', { peer: null }],
    ['a foreign host', { host: 'evil.example' }],
    ['no host', { host: null }],
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['the origin null', { origin: 'null' }],
    ['two origins', { origin: 'http://localhost:3000, https://evil.example' }],
    ['a page on another port of this machine', { origin: 'http://localhost:5173', fetchSite: 'same-site' }],
    ['another scheme', { origin: 'https://localhost:3000' }],
    ['a user in the origin', { origin: 'http://a@localhost:3000' }],
    ['a cross-site read', { fetchSite: 'cross-site' }],
    ['a same-site read from another port', { fetchSite: 'same-site' }],
  ])('is false for %s', (_, over) => {
    expect(isHere(over)).toBe(false);
  });

  it('is false for every request once Espejo can be reached from elsewhere', () => {
    expect(isHere({}, PUBLIC)).toBe(false);
    expect(isHere({}, { publicHost: null, trustedProxies: 1 })).toBe(false);
  });

  it.each([
    ['x-forwarded-for', '203.0.113.9'],
    ['x-forwarded-for', '127.0.0.1, 203.0.113.9'],
    ['x-forwarded-for', ''],
    ['x-forwarded-host', 'espejo.example'],
    ['x-forwarded-server', 'proxy'],
    ['x-forwarded-prefix', '/espejo'],
    ['x-real-ip', '203.0.113.9'],
    ['x-client-ip', '203.0.113.9'],
    ['x-original-host', 'espejo.example'],
    ['true-client-ip', '203.0.113.9'],
    ['cf-connecting-ip', '203.0.113.9'],
    ['cf-ray', '8f0'],
    ['fly-client-ip', '203.0.113.9'],
    ['forwarded', 'for=203.0.113.9'],
    ['forwarded', 'for=127.0.0.1;host=espejo.example'],
    ['forwarded', 'for="[2001:db8::1]:47011"'],
    ['forwarded', 'for=unknown'],
    ['forwarded', 'nonsense'],
    ['via', '1.1 proxy.example'],
    ['via', '1.1'],
  ])('is false beside %s: %j', (name, value) => {
    expect(isForwardingHeader(name)).toBe(true);
    expect(isHere({ forwarding: { [name]: value } })).toBe(false);
  });

  it('is true with forwarding headers that name only this machine', () => {
    expect(
      nameThisMachineOnly({
        forwarded: 'for=127.0.0.1;host=localhost:3000;proto=http, For="[::1]"',
        via: '1.1 localhost:8080 (Caddy), 2 127.0.0.1',
        'x-real-ip': '127.0.0.1',
        'x-forwarded-port': '3000',
      }),
    ).toBe(true);
  });
});

describe('the address of a request', () => {
  const address = (forwardedFor: string | null, trustedProxies: number, peer = '127.0.0.1') =>
    locateRequest(facts({ peer, forwarding: forwardedFor === null ? {} : { 'x-forwarded-for': forwardedFor } }), {
      publicHost: null,
      trustedProxies,
    }).address;

  it('is the peer, whatever a client writes, while no proxy is trusted', () => {
    expect(address('203.0.113.9', 0)).toBe('127.0.0.1');
    expect(address(null, 0, '::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it('is what the farthest trusted proxy recorded', () => {
    expect(address('6.6.6.6, 203.0.113.9', 1)).toBe('203.0.113.9');
    expect(address('6.6.6.6, 203.0.113.9, 10.0.0.1', 2)).toBe('203.0.113.9');
    expect(address('6.6.6.6, 203.0.113.9:5000', 1)).toBe('203.0.113.9');
  });

  it('is the nearest known one when fewer proxies appended an entry, or one wrote no address', () => {
    expect(address(null, 1)).toBe('127.0.0.1');
    expect(address('203.0.113.9', 3)).toBe('203.0.113.9');
    expect(address('6.6.6.6, unknown', 1)).toBe('127.0.0.1');
  });
});

it('comes with the host and scheme that a trusted proxy reports, and no other', () => {
  const forwarding = { 'x-forwarded-host': 'evil.example, espejo.example', 'x-forwarded-proto': 'https' };
  expect(locateRequest(facts({ forwarding }), ALONE)).toMatchObject({ host: 'localhost:3000', scheme: 'http' });
  expect(locateRequest(facts({ forwarding }), { publicHost: null, trustedProxies: 1 })).toMatchObject({
    host: 'espejo.example',
    scheme: 'https',
  });
  expect(locateRequest(facts({ host: 'ESPEJO.example:443' }), PUBLIC)).toMatchObject({
    host: 'espejo.example',
    scheme: 'https',
  });
});

describe('refuseAtConsole', () => {
  const check = (over: Partial<RequestFacts>, reach = ALONE) => refuseAtConsole(facts(over), reach);

  it.each([null, '', 'evil.example', 'localhost.evil.example', '127.0.0.1.nip.io:3000', '192.168.1.4:3000'])(
    'rejects the host %s with and without a key',
    (host) => {
      for (const hasBearer of [true, false]) expect(check({ host, hasBearer })).toBe('foreign_host');
    },
  );

  it('accepts the public host, with its port', () => {
    expect(check({ host: 'espejo.example' }, PUBLIC)).toBeNull();
    expect(check({ host: 'espejo.example:443' }, PUBLIC)).toBeNull();
    expect(check({ host: 'espejo.example:444' }, PUBLIC)).toBe('foreign_host');
    expect(check({ host: 'espejo.example' })).toBe('foreign_host');
  });

  it('accepts the host from a trusted proxy, and still checks both', () => {
    const reach = { ...PUBLIC, trustedProxies: 1 };
    const forwarded = (host: string) => ({ forwarding: { 'x-forwarded-host': host } });
    expect(check({ host: '127.0.0.1:3000', ...forwarded('espejo.example') }, reach)).toBeNull();
    expect(check({ host: '127.0.0.1:3000', ...forwarded('evil.example') }, reach)).toBe('foreign_host');
    expect(check({ host: 'evil.example', ...forwarded('espejo.example') }, reach)).toBe('foreign_host');
  });

  it('accepts a change from its own pages, and from programs with a key', () => {
    const write = (over: Partial<RequestFacts>, reach = ALONE) => check({ method: 'POST', ...over }, reach);
    expect(write({ origin: 'http://localhost:3000', fetchSite: 'same-origin' })).toBeNull();
    expect(write({ origin: 'http://localhost:3000' })).toBeNull();
    expect(write({ fetchSite: 'same-origin' })).toBeNull();
    expect(write({ hasBearer: true })).toBeNull();
    expect(write({ host: 'espejo.example', origin: 'https://espejo.example' }, PUBLIC)).toBeNull();
    // A proxy that hides the host of the request.
    expect(write({ host: '127.0.0.1:3000', origin: 'https://espejo.example' }, PUBLIC)).toBeNull();
  });

  it.each<[string, Partial<RequestFacts>]>([
    ['another port', { origin: 'http://localhost:3001', fetchSite: 'same-site' }],
    ['another site', { origin: 'https://evil.example', fetchSite: 'cross-site' }],
    ['another site in a browser without Sec-Fetch-Site', { origin: 'https://evil.example' }],
    ['an opaque page', { origin: 'null' }],
    ['a sender that states no origin', {}],
    ['a typed address', { fetchSite: 'none' }],
    ['one good header beside a bad one', { origin: 'https://evil.example', fetchSite: 'same-origin' }],
    ['the other bad one', { origin: 'http://localhost:3000', fetchSite: 'cross-site' }],
    ['a page elsewhere with a key', { origin: 'https://evil.example', hasBearer: true }],
  ])('rejects a change from %s', (_, over) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      expect(check({ method, ...over })).toBe('foreign_page');
    }
  });

  it('rejects the public name without TLS', () => {
    const write = { method: 'POST', host: 'espejo.example', origin: 'http://espejo.example' };
    expect(check(write, PUBLIC)).toBe('foreign_page');
    expect(check({ ...write, method: 'GET' }, PUBLIC)).toBe('foreign_page');
  });

  it('accepts a link from another site', () => {
    expect(check({ fetchSite: 'cross-site' })).toBeNull();
    expect(check({ origin: 'https://evil.example', fetchSite: 'cross-site' })).toBe('foreign_page');
  });
});
