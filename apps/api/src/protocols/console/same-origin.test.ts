import { expect, it } from 'vitest';
import { isSameOrigin } from './same-origin.ts';

const ownHosts = ['127.0.0.1:4000', 'espejo.example'];

it.each([
  [{ origin: undefined, fetchSite: undefined }, undefined],
  [{ origin: 'https://espejo.example', fetchSite: undefined }, true],
  [{ origin: 'https://espejo.example:443', fetchSite: undefined }, true],
  [{ origin: 'https://ESPEJO.example', fetchSite: undefined }, true],
  [{ origin: 'https://espejo.example:8443', fetchSite: undefined }, false],
  [{ origin: 'https://espejo.example.evil.example', fetchSite: undefined }, false],
  [{ origin: 'null', fetchSite: undefined }, false],
  [{ origin: '', fetchSite: undefined }, false],
  [{ origin: 'file://', fetchSite: undefined }, false],
  // What the browser itself says of the two addresses counts before what we can see of them.
  [{ origin: 'http://localhost:3000', fetchSite: 'same-origin' }, true],
  [{ origin: 'https://espejo.example', fetchSite: 'same-site' }, false],
  [{ origin: undefined, fetchSite: 'cross-site' }, false],
  [{ origin: undefined, fetchSite: 'none' }, false],
])('%o is %s', (facts, expected) => {
  expect(isSameOrigin({ ...facts, ownHosts })).toBe(expected);
});
