import { expect, it } from 'vitest';
import { sourceLine } from './source-line.mjs';

const sandbox = { kind: 'sandbox', name: 'Sandbox', baseUrl: 'http://127.0.0.1:1/v1' };
const real = { kind: 'openai', name: 'default', baseUrl: 'https://api.openai.com/v1' };

it.each([
  [[sandbox], 'Sandbox sample data (set OPENAI_API_KEY to mirror your own project)'],
  [[real, sandbox], 'default (https://api.openai.com/v1)'],
  [[real, { ...real, name: 'second' }], '2 connections'],
  [[], 'nothing yet; add a connection in the console'],
])('the line after a start names what is mirrored: %#', (connections, line) => {
  expect(sourceLine(connections)).toBe(line);
});
