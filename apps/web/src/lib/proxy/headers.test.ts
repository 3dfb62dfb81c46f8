import type { RequestFacts } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { readKeyCookie, toClientHeaders, toUpstreamHeaders } from './headers.ts';

const settings = { consoleToken: 'token', publicHost: null, trustedProxies: 0 };
const FACTS: RequestFacts = {
  method: 'GET',
  peer: '127.0.0.1',
  isTls: false,
  host: 'localhost:3000',
  origin: null,
  fetchSite: null,
  hasBearer: false,
  forwarding: {},
};
const vouched = {
  'x-espejo-console': 'token',
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-host': 'localhost:3000',
  'x-forwarded-proto': 'http',
};
const toUpstream = (headers: Record<string, string>, facts: Partial<RequestFacts> = {}, over = {}) =>
  Object.fromEntries(toUpstreamHeaders(new Headers(headers), { ...settings, ...over }, { ...FACTS, ...facts }));

describe('toUpstreamHeaders', () => {
  it('appends the connection and the host after the forwarding headers of the client', () => {
    expect(toUpstream({ host: 'localhost:3000', 'x-espejo-console': 'forged' })).toEqual(vouched);
    const forwarding = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example', 'x-real-ip': '1.2.3.4' };
    expect(toUpstream({ 'x-forwarded-for': 'from Next', 'x-forwarded-port': '3000' }, { forwarding })).toEqual({
      ...vouched,
      'x-real-ip': '1.2.3.4',
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-host': 'evil.example, localhost:3000',
    });
  });

  it('marks a request as coming through the console, also without a console token', () => {
    expect(toUpstream({}, {}, { consoleToken: undefined })['x-espejo-console']).toBe('none');
  });

  it('forwards the Origin, also when Connection names it', () => {
    const origin = 'https://evil.example';
    const sent = { connection: 'origin, x-espejo-console, x-forwarded-for', origin };
    expect(toUpstream(sent, { origin })).toEqual({ ...vouched, origin });
  });

  it('drops hop-by-hop headers, including those that Connection names', () => {
    const headers = toUpstream({
      host: 'localhost:3000',
      connection: 'keep-alive, X-Private',
      'x-private': '1',
      'transfer-encoding': 'chunked',
      expect: '100-continue',
      accept: 'application/json',
      'content-length': '12',
    });
    expect(headers).toEqual({ ...vouched, accept: 'application/json', 'content-length': '12' });
  });

  it('forwards other cookies, but never its own', () => {
    expect(toUpstream({ cookie: 'a=1; espejo_key=sk-secret; b=2' })).toEqual({ ...vouched, cookie: 'a=1; b=2' });
    expect(toUpstream({ cookie: 'espejo_key=sk-secret' })).toEqual(vouched);
  });
});

it('toClientHeaders forbids the compression of event streams only', () => {
  const events = toClientHeaders(new Headers({ 'content-type': 'text/event-stream; charset=utf-8' }));
  expect(events.get('cache-control')).toBe('no-cache, no-transform');
  const json = toClientHeaders(new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' }));
  expect(json.get('cache-control')).toBe('no-store');
});

it('readKeyCookie decodes the key and returns null for a malformed value', () => {
  expect(readKeyCookie('x=1; espejo_key=sk%3B%20odd')).toBe('sk; odd');
  expect(readKeyCookie('espejo_key=%E0%A4%A')).toBeNull();
  expect(readKeyCookie('other_espejo_key=1')).toBeNull();
  expect(readKeyCookie(null)).toBeNull();
});
