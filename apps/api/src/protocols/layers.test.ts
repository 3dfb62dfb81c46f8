import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FOLDER = import.meta.dirname;
const sources = globSync('**/*.ts', { cwd: FOLDER }).filter((path) => !path.endsWith('.test.ts'));

it('no protocol acts with the system’s permission: a request has its sender’s or none', () => {
  expect(sources.length).toBeGreaterThan(10);
  expect(sources.filter((path) => /\basSystem\b/.test(readFileSync(`${FOLDER}/${path}`, 'utf8')))).toEqual([]);
});

it('no protocol acts in the default tenant, except for requests that name none', () => {
  const named = sources.filter((path) => /services\.tenantId/.test(readFileSync(`${FOLDER}/${path}`, 'utf8')));
  expect(named).toEqual(['http/request-identity.ts']);
});
