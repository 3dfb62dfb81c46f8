import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureInstalled, installNeed } from './ensure-install.mjs';
import { node24Path } from './paths.mjs';

let root: string;
const put = (path: string, content: unknown) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
};
const lock = { packages: { 'node_modules/a': { version: '1.0.0' } } };
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'espejo-install-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('installNeed', () => {
  it('is nothing in a tree that matches the lock file, and ensureInstalled then starts nothing', async () => {
    put(join(root, 'package-lock.json'), lock);
    put(join(root, 'node_modules/.package-lock.json'), lock);
    put(node24Path(root), '');
    expect(installNeed(root)).toBeNull();
    const lines: string[] = [];
    await ensureInstalled({ root, log: (line) => lines.push(line) });
    expect(lines).toEqual([]);
  });

  it.each([
    ['without node_modules', undefined, true, 'no node_modules'],
    ['with another version', { packages: { 'node_modules/a': { version: '0.9.0' } } }, true, '0.9.0'],
    ['after a broken install', '{"packages"', true, 'no node_modules'],
    ['when install scripts were switched off', lock, false, 'Node 24'],
  ])('is reported as needed: %s', (_, installed, hasNode, word) => {
    put(join(root, 'package-lock.json'), lock);
    if (installed !== undefined) put(join(root, 'node_modules/.package-lock.json'), installed);
    if (hasNode) put(node24Path(root), '');
    expect(installNeed(root)).toContain(word);
  });

  it('reports a missing lock file', () => {
    expect(() => installNeed(root)).toThrow('Restore it from git');
  });
});

it('a failing npm ci is reported in one sentence', async () => {
  // npm fails at this before it sends a request to a registry.
  put(join(root, 'package.json'), '{ broken');
  put(join(root, 'package-lock.json'), lock);
  await expect(ensureInstalled({ root, log: () => {} })).rejects.toThrow(/npm ci ended with code 1.*try again/s);
});
