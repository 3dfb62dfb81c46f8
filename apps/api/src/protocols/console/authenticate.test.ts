import { AppError } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { type AuthSettings, authenticate } from './authenticate.ts';

const KEY = 'the-automation-key';
const TOKEN = 'the-console-token';

/** `in`, or the code of the refusal. */
function knock(headers: Record<string, string>, settings: Partial<AuthSettings> = {}): string {
  try {
    authenticate({ headers } as unknown as FastifyRequest, { apiKey: null, consoleToken: null, ...settings });
    return 'in';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
const bearer = (key: string) => ({ host: 'espejo.example', authorization: `Bearer ${key}` });

describe('with a key configured', () => {
  const settings = { apiKey: KEY, consoleToken: TOKEN };

  it('the key and the console’s token let in, from anywhere', () => {
    expect(knock(bearer(KEY), settings)).toBe('in');
    expect(knock(bearer(TOKEN), settings)).toBe('in');
    expect(knock({ ...bearer(KEY), authorization: `bEaReR   ${KEY}` }, settings)).toBe('in');
    expect(knock({ ...bearer(KEY), origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, settings)).toBe(
      'in',
    );
  });

  it.each(['', 'x', `${KEY}x`, KEY.slice(1), KEY.toUpperCase(), 'null', 'undefined'])('%j does not', (key) => {
    expect(knock(bearer(key), settings)).toBe('unauthorized');
  });

  it('no other scheme does, and this machine neither', () => {
    expect(knock({ host: 'localhost' }, settings)).toBe('unauthorized');
    expect(knock({ host: 'localhost', authorization: `Basic ${KEY}` }, settings)).toBe('unauthorized');
    expect(knock({ host: 'localhost', authorization: KEY }, settings)).toBe('unauthorized');
    expect(knock({ host: 'localhost', cookie: `key=${KEY}` }, settings)).toBe('unauthorized');
  });
});

describe('without a key configured', () => {
  it('the console’s token lets in; another bearer is a wrong one, even on this machine', () => {
    expect(knock(bearer(TOKEN), { consoleToken: TOKEN })).toBe('in');
    expect(knock({ host: 'localhost', authorization: 'Bearer x' }, { consoleToken: TOKEN })).toBe('unauthorized');
    expect(knock({ host: 'localhost', authorization: 'Bearer null' })).toBe('unauthorized');
  });

  it.each([
    'localhost',
    'localhost:4000',
    'LOCALHOST:1',
    '127.0.0.1:4000',
    '127.0.0.9',
    '[::1]',
    '[::1]:4000',
    '[0::1]:4000',
  ])('Host %s is this machine', (host) => {
    expect(knock({ host })).toBe('in');
  });

  it.each([
    'evil.example',
    'localhost.evil.example:4000',
    'localhost@evil.example',
    '::1',
    '[::1',
    '[::2]',
    '',
    'localhost/x',
    'localhost?x',
    'localhost#x',
    'local host',
  ])('Host %j is not', (host) => {
    expect(knock({ host })).toBe('forbidden_origin');
  });

  it('no Host at all is not', () => {
    expect(knock({})).toBe('forbidden_origin');
  });

  it.each([
    ['http://localhost:3000', 'in'],
    ['https://127.0.0.1', 'in'],
    ['http://[::1]:8080', 'in'],
    ['https://evil.example', 'forbidden_origin'],
    ['http://localhost.evil.example', 'forbidden_origin'],
    ['null', 'forbidden_origin'],
    ['', 'forbidden_origin'],
    ['file:///home', 'forbidden_origin'],
    ['chrome-extension://localhost', 'forbidden_origin'],
  ])('Origin %j: %s', (origin, expected) => {
    expect(knock({ host: 'localhost', origin })).toBe(expected);
  });

  it.each([
    ['cross-site', 'forbidden_origin'],
    ['same-site', 'in'],
    ['same-origin', 'in'],
    ['none', 'in'],
  ])('Sec-Fetch-Site %s without an origin: %s', (site, expected) => {
    expect(knock({ host: 'localhost', 'sec-fetch-site': site })).toBe(expected);
  });
});
