import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCookies } from './cookies.ts';

const randomHex = (length: number) => randomBytes(length).toString('hex').slice(0, length);
const cookies = createCookies({ secret: 'a secret of this test', randomHex });
const others = createCookies({ secret: 'another secret', randomHex });

/** The `Cookie` header of a browser after a sign-in. */
function signedIn(account: string, header?: string, by = cookies): string {
  const set = by.opened({ token: 'a-token', account, header, isSecure: false });
  return set.map((cookie) => cookie.split(';', 1)[0]).join('; ');
}

it('a cookie identifies its session, and its device for its own account, only under its own secret', () => {
  const header = signedIn('ana@example.com');
  expect(cookies.readSession(header)).toBe('a-token');
  expect(cookies.readDevice(header, 'ana@example.com')).toMatch(/^[0-9a-f]{32}$/);
  expect(cookies.readDevice(header, 'bob@example.com')).toBeNull();
  expect(others.readSession(header)).toBeNull();
  expect(others.readDevice(header, 'ana@example.com')).toBeNull();
});

it('a device is recognised for the last five accounts that signed in there, under one device id', () => {
  let header = '';
  for (let person = 0; person < 7; person += 1) header = signedIn(`${person}@example.com`, header);
  const ids = Array.from({ length: 7 }, (_, person) => cookies.readDevice(header, `${person}@example.com`));
  expect(ids.map((id) => id !== null)).toEqual([false, false, true, true, true, true, true]);
  expect(new Set(ids.slice(2)).size).toBe(1);
});

it('malformed cookies identify no session and no device, and cause no error', () => {
  const cookie = fc.oneof(
    fc.string(),
    fc.string().map((value) => `espejo_session=${value}`),
    fc.string().map((value) => `espejo_device=${value}`),
  );
  fc.assert(
    fc.property(fc.array(cookie), (pairs) => {
      expect(cookies.readSession(pairs.join('; '))).toBeNull();
      expect(cookies.readDevice(pairs.join('; '), 'ana@example.com')).toBeNull();
    }),
  );
  expect([cookies.readSession(undefined), cookies.readDevice(undefined, 'x')]).toEqual([null, null]);
});
