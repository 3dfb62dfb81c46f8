import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeLock, findInstallDrift, findMissingOptionals, platformOf } from './lock-file.mjs';
import { ROOT } from './paths.mjs';

const entry = (version: string, more = {}) => ({ version, integrity: `sha512-${version}`, ...more });

describe('findInstallDrift', () => {
  const wanted = {
    packages: {
      '': {},
      'packages/a': { version: '0.1.0' },
      'node_modules/a': { link: true },
      'node_modules/b': entry('1.0.0'),
      'node_modules/tool-darwin': entry('1.0.0', { optional: true, os: ['darwin'] }),
      'node_modules/peer': entry('1.0.0', { devOptional: true }),
    },
  };
  const installed = { packages: { 'node_modules/a': { link: true }, 'node_modules/b': entry('1.0.0') } };

  it('finds none when only packages of other platforms are absent', () => {
    expect(findInstallDrift(wanted, installed)).toBeNull();
  });

  it('ignores packages that are not in the lock file', () => {
    const more = { packages: { ...installed.packages, 'node_modules/by-hand': entry('9.0.0') } };
    expect(findInstallDrift(wanted, more)).toBeNull();
  });

  it.each([
    ['another version', { 'node_modules/b': entry('0.9.0') }, '0.9.0'],
    ['other contents of the same version', { 'node_modules/b': entry('1.0.0', { integrity: 'sha512-x' }) }, 'contents'],
    ['a missing package', { 'node_modules/b': undefined }, 'not installed'],
    ['a missing workspace', { 'node_modules/a': undefined }, 'node_modules/a'],
  ])('reports %s', (_, change, word) => {
    const packages: Record<string, object> = { ...installed.packages };
    for (const [key, value] of Object.entries(change)) {
      if (value === undefined) delete packages[key];
      else packages[key] = value;
    }
    expect(findInstallDrift(wanted, { packages })).toContain(word);
  });

  it('reports missing development packages', () => {
    const dev = { packages: { 'node_modules/c': entry('1.0.0', { dev: true }) } };
    expect(findInstallDrift(dev, { packages: {} })).not.toBeNull();
  });
});

describe('completeLock', () => {
  const lockOf = (optionals: Record<string, string>, more = {}) => ({
    packages: {
      '': {},
      'node_modules/parent': entry('2.0.0', { dev: true, optionalDependencies: optionals }),
      ...more,
    } as Parameters<typeof completeLock>[0]['packages'],
  });

  it('adds the packages that npm left out, each for its platform only', () => {
    const lock = lockOf({ '@x/tool-win32-x64': '2.0.0' });
    expect(completeLock(lock)).toEqual(['@x/tool-win32-x64@2.0.0']);
    expect(lock.packages['node_modules/@x/tool-win32-x64']).toEqual({
      version: '2.0.0',
      cpu: ['x64'],
      os: ['win32'],
      dev: true,
      optional: true,
    });
    expect(findMissingOptionals(lock)).toEqual([]);
  });

  it('finds a package at the root, beside the parent, or inside it', () => {
    const optionals = { '@x/tool-linux-x64': '2.0.0' };
    for (const key of ['node_modules/@x/tool-linux-x64', 'node_modules/parent/node_modules/@x/tool-linux-x64']) {
      expect(findMissingOptionals(lockOf(optionals, { [key]: entry('2.0.0') }))).toEqual([]);
    }
    const inWorkspace = {
      packages: {
        'packages/w/node_modules/parent': entry('1.0.0', { optionalDependencies: optionals }),
        'packages/w/node_modules/@x/tool-linux-x64': entry('2.0.0'),
      },
    };
    expect(findMissingOptionals(inWorkspace)).toEqual([]);
  });

  it('throws for a package whose name has no platform', () => {
    expect(() => completeLock(lockOf({ fsevents: '2.3.3' }))).toThrow('fsevents@2.3.3');
  });
});

it.each([
  ['@turbo/darwin-64', { cpu: ['x64'], os: ['darwin'] }],
  ['@turbo/windows-arm64', { cpu: ['arm64'], os: ['win32'] }],
  ['@next/swc-linux-x64-musl', { cpu: ['x64'], libc: ['musl'], os: ['linux'] }],
  ['@oxc-parser/binding-linux-arm-gnueabihf', { cpu: ['arm'], libc: ['glibc'], os: ['linux'] }],
  ['@tailwindcss/oxide-wasm32-wasi', { cpu: ['wasm32'] }],
  ['fsevents', null],
])('platformOf(%s) returns its os, cpu and libc', (name, platform) => {
  expect(platformOf(name)).toEqual(platform);
});

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

  it('lists the packages of every platform, without which npm ci fails: run node scripts/complete-lock.mjs', () => {
    expect(findMissingOptionals(lock)).toEqual([]);
  });

  it('names no registry', () => {
    const resolved = Object.values(lock.packages as Record<string, { resolved?: string }>).map((item) => item.resolved);
    expect(resolved.filter((url) => url?.includes('://'))).toEqual([]);
  });
});
