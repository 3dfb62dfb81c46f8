import { expect, it } from 'vitest';
import { isSource } from './is-source.mjs';

it.each(['main.ts', 'services/sync/list-stores.ts', '0001_first.sql', 'meta\\_journal.json', 'words/table.mjs'])(
  '%s is a source file',
  (path) => expect(isSource(path)).toBe(true),
);

it.each([
  'services/sync/lease.integration.test.ts',
  'money.test.ts',
  'upstream-port.suite.ts',
  'README.md',
  '.main.ts.swp',
  '.#main.ts',
  'sync/.hidden.ts',
  'main.ts~',
])('%s is not a source file', (path) => expect(isSource(path)).toBe(false));
