import { expect, it } from 'vitest';
import { sameOriginPath } from './return-to.ts';

it.each([
  ['/stores/vs_1?tab=files', '/stores/vs_1?tab=files'],
  ['/stores#bottom', '/stores#bottom'],
  ['/', '/'],
  ['/stores/../people', '/people'],
  ['//evil.example', null],
  ['/\t/evil.example', null],
  ['/\n/evil.example', null],
  ['/\r/evil.example', null],
  ['/\t\\evil.example', null],
  ['\t//evil.example', null],
  ['/.//evil.example', null],
  ['/..//evil.example', null],
  ['/%5cevil.example', '/%5cevil.example'],
  ['//console.invalid/x', '/x'],
  ['/\\evil.example', null],
  ['https://evil.example', null],
  ['javascript:alert(1)', null],
  ['', null],
])('resolves the return address %j to %j', (text, path) => {
  expect(sameOriginPath(text)).toBe(path);
});
