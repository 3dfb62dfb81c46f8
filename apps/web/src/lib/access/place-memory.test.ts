import { expect, it } from 'vitest';
import { ownPath } from './place-memory.ts';

it.each([
  ['/stores/vs_1?tab=files', '/stores/vs_1?tab=files'],
  ['//evil.example', null],
  ['/\\evil.example', null],
  ['https://evil.example', null],
  ['javascript:alert(1)', null],
  ['', null],
])('takes %j for %j', (text, path) => {
  expect(ownPath(text)).toBe(path);
});
