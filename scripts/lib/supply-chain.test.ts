import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './paths.mjs';
import { findSupplyChainFaults, isAllowed, listLicenses } from './supply-chain.mjs';

const well = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' };

describe('the lock file', () => {
  it('of this project pins every package by hash, names no registry and has only allowed licences', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    expect(findSupplyChainFaults(lock)).toEqual([]);
  });

  it.each([
    ['contents that are not pinned', { ...well, integrity: undefined }, 'no sha512'],
    ['a hash that can be forged', { ...well, integrity: 'sha1-x' }, 'no sha512'],
    ['the address of a registry', { ...well, resolved: 'https://registry.example/a.tgz' }, 'names the address'],
    ['no licence', { ...well, license: undefined }, 'no licence'],
    ['a licence that is not allowed', { ...well, license: 'AGPL-3.0-only' }, 'AGPL-3.0-only is not'],
  ])('is rejected for %s', (_, entry, words) => {
    const lock = { packages: { '': {}, 'node_modules/good': well, 'node_modules/a/node_modules/b': entry } };
    expect(findSupplyChainFaults(lock)).toEqual([expect.stringMatching(`^node_modules/a/node_modules/b: .*${words}`)]);
  });

  it('is not checked for the workspaces of the project', () => {
    const packages = { '': {}, 'packages/core': { version: '1' }, 'node_modules/@espejo/core': { link: true } };
    expect(findSupplyChainFaults({ packages })).toEqual([]);
  });
});

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['Apache-2.0 AND LGPL-3.0-or-later', true],
  ['Apache-2.0 AND GPL-3.0-only', false],
  ['GPL-2.0', false],
  ['', false],
])('the check of the licence %j returns %s', (expression, isSo) => {
  expect(isAllowed(expression)).toBe(isSo);
});

it('licences are listed with their packages, the most used first', () => {
  const packages = {
    'node_modules/a': well,
    'node_modules/b': { ...well, license: 'Apache 2.0' },
    'node_modules/b/node_modules/@c/d': { ...well, version: '2.0.0' },
  };
  expect(listLicenses({ packages })).toEqual([
    { license: 'MIT', packages: ['@c/d@2.0.0', 'a@1.0.0'] },
    { license: 'Apache-2.0', packages: ['b@1.0.0'] },
  ]);
});
