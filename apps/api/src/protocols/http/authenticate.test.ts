import { AppError } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { authenticate, type Knock } from './authenticate.ts';

const KEY = 'the-automation-key';
const TOKEN = 'the-console-token';

/** The principal, or the code of the error. */
function knock(given: Partial<Knock>, { apiKey = null, isKeyOptional = false }: Options = {}): string {
  const request: Knock = { bearer: undefined, via: 'direct', isThisMachine: false, ...given };
  try {
    return authenticate(request, { apiKey, consoleToken: TOKEN }, { isKeyOptional });
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
interface Options {
  readonly apiKey?: string | null;
  readonly isKeyOptional?: boolean;
}
const VIAS = ['direct', 'console', 'stranger'] as const;

describe('with a key configured', () => {
  it('accepts the key from any address', () => {
    for (const via of VIAS) {
      expect(knock({ bearer: KEY, via }, { apiKey: KEY })).toBe('api-key');
      expect(knock({ bearer: KEY, via, isThisMachine: true }, { apiKey: KEY })).toBe('api-key');
    }
  });

  it.each(['', 'x', `${KEY}x`, KEY.slice(1), KEY.toUpperCase(), 'null', 'undefined'])('rejects %j', (bearer) => {
    expect(knock({ bearer, isThisMachine: true }, { apiKey: KEY })).toBe('unauthorized');
    expect(knock({ bearer, isThisMachine: true }, { apiKey: KEY, isKeyOptional: true })).toBe('unauthorized');
  });

  it('rejects local requests and the console without a key, with its token or without', () => {
    for (const via of VIAS) {
      for (const bearer of [undefined, TOKEN]) {
        expect(knock({ bearer, via, isThisMachine: true }, { apiKey: KEY })).toBe('unauthorized');
      }
    }
  });
});

describe('without a key configured', () => {
  it('accepts a local request, through the console or not', () => {
    expect(knock({ isThisMachine: true })).toBe('local');
    expect(knock({ isThisMachine: true, via: 'console' })).toBe('console');
    expect(knock({ isThisMachine: true, bearer: TOKEN })).toBe('console');
  });

  it('rejects a remote request, and one that claims to be the console’s without its token', () => {
    for (const via of VIAS) {
      expect(knock({ via })).toBe('forbidden_origin');
      expect(knock({ via, bearer: TOKEN })).toBe('forbidden_origin');
    }
    expect(knock({ via: 'stranger', isThisMachine: true })).toBe('forbidden_origin');
  });

  it('rejects another bearer token, except from clients that always send a key', () => {
    for (const bearer of ['x', 'null', 'Bearer']) {
      expect(knock({ bearer, isThisMachine: true })).toBe('unauthorized');
      expect(knock({ bearer, isThisMachine: true }, { isKeyOptional: true })).toBe('local');
      expect(knock({ bearer }, { isKeyOptional: true })).toBe('forbidden_origin');
    }
  });
});
