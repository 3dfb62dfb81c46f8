import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Schema, schemaFaults } from '@espejo/terraform-plugin';
import { expect, it } from 'vitest';
import { createProvider } from '../provider.ts';
import { docsPages } from './pages.ts';

const FOLDER = join(import.meta.dirname, '../../../../docs/terraform');
const provider = createProvider({}, () => undefined);

it('docs/terraform has every page as `npm run terraform:docs` writes it', () => {
  const pages = docsPages(provider);
  expect(readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) expect(readFileSync(join(FOLDER, name), 'utf8'), name).toBe(text);
});

const schemas: readonly (readonly [string, Schema])[] = [
  ['provider', provider.schema],
  ...Object.entries(provider.resources).map(([name, { schema }]) => [name, schema] as const),
  ...Object.entries(provider.dataSources).map(([name, { schema }]) => [`data ${name}`, schema] as const),
];

it.each(schemas)('%s has a schema that Terraform core accepts, with a description of every part', (_name, schema) => {
  expect(schemaFaults(schema)).toEqual([]);
});
