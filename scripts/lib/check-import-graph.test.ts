import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkImportGraph } from './check-import-graph.mjs';
import { findCycles, readImportGraph } from './import-graph.mjs';

const roots: string[] = [];

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A repository with these files. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'espejo-graph-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const faultsOf = (files: Readonly<Record<string, string>>) => checkImportGraph(readImportGraph(tree(files))).faults;

describe('checkImportGraph', () => {
  it('finds no error in this repository', () => {
    expect(checkImportGraph().faults).toEqual([]);
  });

  it('reports a cycle of type imports with its files', () => {
    const faults = faultsOf({
      'packages/core/src/a.ts': "import type { B } from './b.ts';\nexport type A = B;\n",
      'packages/core/src/b.ts': "export type { A as B } from './a.ts';\n",
    });
    expect(faults).toEqual([expect.stringContaining('cycle of 2 files')]);
    expect(faults[0]).toContain('packages/core/src/a.ts -> packages/core/src/b.ts');
  });

  it('follows the exports of a workspace and a dynamic import', () => {
    const faults = faultsOf({
      'packages/one/package.json': JSON.stringify({ name: '@espejo/one', exports: { './sub/*': './src/*.ts' } }),
      'packages/one/src/a.ts': "export const load = () => import('./b.ts');\n",
      'packages/one/src/b.ts': "export { load } from '@espejo/one/sub/a';\n",
    });
    expect(faults).toEqual([expect.stringContaining('cycle of 2 files')]);
  });

  it('finds service folders that import each other although no files do, and ignores tests', () => {
    const services = 'apps/api/src/services';
    const files = {
      [`${services}/files/a.ts`]: "export * from '../stores/b.ts';\n",
      [`${services}/stores/b.ts`]: 'export const b = 1;\n',
      [`${services}/stores/c.test.ts`]: "export * from '../files/a.ts';\n",
    };
    expect(faultsOf(files)).toEqual([]);
    const faults = faultsOf({ ...files, [`${services}/stores/c.ts`]: "export * from '../files/a.ts';\n" });
    expect(faults).toEqual([expect.stringContaining(`cycle of 2 folders in ${services}`)]);
  });

  it.each([
    ['apps/api/src/services/files/a.ts', 'apps/api/src/protocols/console/b.ts', 'services import neither'],
    ['apps/api/src/services/files/a.ts', 'apps/api/src/wire.ts', 'services import neither'],
    ['apps/api/src/protocols/openai/a.ts', 'apps/api/src/protocols/console/b.ts', 'protocols do not import each other'],
    ['apps/api/src/protocols/http/a.ts', 'apps/api/src/protocols/openai/b.ts', 'what protocols share'],
    ['apps/web/src/lib/a.ts', 'apps/web/src/components/b.tsx', 'web: lib'],
    ['apps/web/src/components/a.tsx', 'apps/web/src/app/b.tsx', 'web: components'],
    ['packages/core/src/a.ts', 'packages/db/src/b.ts', 'core imports no other package'],
  ])('reports that %s must not import %s', (from, to, rule) => {
    const request = join(
      '..',
      ...dirname(from)
        .split('/')
        .slice(1)
        .map(() => '..'),
      to,
    );
    const faults = faultsOf({ [from]: `export * from '${request}';\n`, [to]: 'export const b = 1;\n' });
    expect(faults).toEqual([expect.stringContaining(rule)]);
  });

  it('throws for an import that resolves to no file', () => {
    expect(() => faultsOf({ 'packages/core/src/a.ts': "export * from './gone.ts';\n" })).toThrow('resolves to no file');
  });
});

describe('findCycles', () => {
  it('finds each group of nodes that reach each other, the largest first', () => {
    const targets = { a: ['b'], b: ['c'], c: ['a'], d: ['e', 'a'], e: ['d'], f: ['f'], g: ['a'] };
    expect(findCycles(new Map(Object.entries(targets)))).toEqual([['a', 'b', 'c'], ['d', 'e'], ['f']]);
  });
});
