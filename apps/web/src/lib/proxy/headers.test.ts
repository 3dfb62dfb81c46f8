import { describe, expect, it } from 'vitest';
import { readKeyCookie, toClientHeaders, toUpstreamHeaders } from './headers.ts';

describe('toUpstreamHeaders', () => {
  it('vouches for the host with its own token, and for nothing a client said in its place', () => {
    const forged = new Headers({
      host: 'localhost:3000',
      'x-espejo-console': 'forged',
      'x-forwarded-host': 'evil.example',
    });
    expect(Object.fromEntries(toUpstreamHeaders(forged, 'token'))).toEqual({
      'x-espejo-console': 'token',
      'x-forwarded-host': 'localhost:3000',
    });
    expect(toUpstreamHeaders(forged, undefined).has('x-espejo-console')).toBe(false);
  });

  it('drops the headers of this hop, also those Connection names', () => {
    const headers = toUpstreamHeaders(
      new Headers({
        host: 'localhost:3000',
        connection: 'keep-alive, X-Private',
        'x-private': '1',
        'transfer-encoding': 'chunked',
        expect: '100-continue',
        accept: 'application/json',
        'content-length': '12',
      }),
      undefined,
    );
    expect([...headers.keys()].sort()).toEqual(['accept', 'content-length']);
  });

  it('keeps other cookies and never sends the key on', () => {
    const headers = toUpstreamHeaders(new Headers({ cookie: 'a=1; espejo_key=sk-secret; b=2' }), undefined);
    expect(headers.get('cookie')).toBe('a=1; b=2');
    expect(toUpstreamHeaders(new Headers({ cookie: 'espejo_key=sk-secret' }), undefined).has('cookie')).toBe(false);
  });
});

it('toClientHeaders forbids compressing an event stream, and only that', () => {
  const events = toClientHeaders(new Headers({ 'content-type': 'text/event-stream; charset=utf-8' }));
  expect(events.get('cache-control')).toBe('no-cache, no-transform');
  const json = toClientHeaders(new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' }));
  expect(json.get('cache-control')).toBe('no-store');
});

it('readKeyCookie decodes the key, and takes a broken value for none', () => {
  expect(readKeyCookie('x=1; espejo_key=sk%3B%20odd')).toBe('sk; odd');
  expect(readKeyCookie('espejo_key=%E0%A4%A')).toBeNull();
  expect(readKeyCookie('other_espejo_key=1')).toBeNull();
  expect(readKeyCookie(null)).toBeNull();
});
