import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretBox } from './secrets.ts';

const box = createSecretBox('secret one, long enough');
const other = createSecretBox('secret two, long enough');

describe('an encrypted secret', () => {
  it('decrypts to the original text, whatever that was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
        expect(box.open(box.seal(text, context), context)).toBe(text);
      }),
    );
  });

  it('reveals nothing of the text, and never looks the same twice', () => {
    const sealed = [box.seal('sk-very-secret', 'row'), box.seal('sk-very-secret', 'row')];
    expect(sealed[0]).not.toBe(sealed[1]);
    for (const text of sealed) {
      expect(text).not.toContain('secret');
      expect(Buffer.from(text.split('.').at(-1) ?? '', 'base64url').toString('latin1')).not.toContain('secret');
    }
  });

  it('decrypts only in its own context', () => {
    const sealed = box.seal('sk-1', 'connection-key:a:1');
    expect(() => box.open(sealed, 'connection-key:a:2')).toThrow();
    expect(() => other.open(sealed, 'connection-key:a:1')).toThrow();
  });

  it('cannot be decrypted after any one of its characters was changed', () => {
    const sealed = box.seal('sk-1234567890', 'row');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom('A', 'B', '.', '-'), (at, character) => {
        fc.pre(sealed[at] !== character);
        const altered = sealed.slice(0, at) + character + sealed.slice(at + 1);
        let opened: string | undefined;
        try {
          opened = box.open(altered, 'row');
        } catch {
          return;
        }
        // The last character of base64 may have unused bits: the same secret, never another one.
        expect(opened).toBe('sk-1234567890');
        expect(Buffer.from(altered.split('.').at(-1) ?? '', 'base64url')).toEqual(
          Buffer.from(sealed.split('.').at(-1) ?? '', 'base64url'),
        );
      }),
    );
  });

  it.each(['', 'v1', 'v2.a.b.c', 'v1.a.b', 'plain text', 'v1...'])('rejects %j, which was never encrypted', (text) => {
    expect(() => box.open(text, 'row')).toThrow();
  });

  it('cannot be forged by a shorter tag', () => {
    const [version, iv, tag = '', body] = box.seal('sk-1', 'row').split('.');
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
    expect(() => box.open([version, iv, short, body].join('.'), 'row')).toThrow();
  });
});

describe('a fingerprint', () => {
  it('is equal for equal secrets only, and differs under another key', () => {
    expect(box.fingerprint('sk-1')).toBe(box.fingerprint('sk-1'));
    expect(box.fingerprint('sk-1')).not.toBe(box.fingerprint('sk-2'));
    expect(box.fingerprint('sk-1')).not.toBe(other.fingerprint('sk-1'));
    expect(box.fingerprint('sk-1')).toMatch(/^[\w-]{22}$/);
  });
});
