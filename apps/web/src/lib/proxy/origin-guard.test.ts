import { describe, expect, it } from 'vitest';
import { type RequestFacts, refuseOrigin } from './origin-guard.ts';

function facts(over: Partial<RequestFacts>): RequestFacts {
  return { method: 'GET', host: 'localhost:3000', origin: null, secFetchSite: null, ...over };
}

describe('refuseOrigin', () => {
  it.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST:3000'])(
    'reads from %s',
    (host) => {
      expect(refuseOrigin(facts({ host }), undefined)).toBeNull();
    },
  );

  it.each([null, '', 'evil.example', 'localhost.evil.example', '127.0.0.1.nip.io:3000', '192.168.1.4:3000'])(
    'refuses the host %s: the name may be bound to this machine by somebody else',
    (host) => {
      expect(refuseOrigin(facts({ host }), undefined)).toContain('ESPEJO_PUBLIC_HOST');
    },
  );

  it('answers for the public host when one is set, port included', () => {
    expect(refuseOrigin(facts({ host: 'espejo.example' }), 'espejo.example')).toBeNull();
    expect(refuseOrigin(facts({ host: 'espejo.example:444' }), 'espejo.example')).not.toBeNull();
  });

  it('writes only from its own pages', () => {
    const write = (over: Partial<RequestFacts>) => refuseOrigin(facts({ method: 'POST', ...over }), undefined);
    expect(write({ origin: 'http://localhost:3000', secFetchSite: 'same-origin' })).toBeNull();
    expect(write({ origin: 'http://localhost:3000' })).toBeNull();
    expect(write({ secFetchSite: 'same-origin' })).toBeNull();
    expect(write({ origin: 'http://localhost:3001', secFetchSite: 'same-site' })).not.toBeNull();
    expect(write({ origin: 'https://evil.example', secFetchSite: 'cross-site' })).not.toBeNull();
    expect(write({ origin: 'https://evil.example' })).not.toBeNull();
    expect(write({ origin: 'null' })).not.toBeNull();
    expect(write({})).not.toBeNull();
  });

  it('does not let one good header excuse a bad one', () => {
    expect(
      refuseOrigin(facts({ method: 'DELETE', origin: 'https://evil.example', secFetchSite: 'same-origin' }), undefined),
    ).not.toBeNull();
  });
});
