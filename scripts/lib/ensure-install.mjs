import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from './file-lock.mjs';
import { findInstallDrift } from './lock-file.mjs';
import { fetchedFolder, findNode24, nodePackageOf, thisMachine } from './node-packages.mjs';
import { runNpm } from './npm.mjs';
import { ROOT } from './paths.mjs';

/** No package runs code when it is installed. */
const SAFE_FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
/** Flags that make `npm ci` independent of the user's npm settings and NODE_ENV. */
const CI_FLAGS = ['--include=dev', '--include=optional', '--engine-strict=false', ...SAFE_FLAGS];

/**
 * Installs the project's dependencies when node_modules is absent or does not match package-lock.json. Needs
 * only the machine's Node 20+ and npm. Safe to call from several processes at once. Throws an Error whose
 * message says what to do.
 * @param {{ root?: string, log?: (line: string) => void }} [options]
 */
export async function ensureInstalled({ root = ROOT, log = (line) => console.error(line) } = {}) {
  if (installNeed(root) === null) return;
  const lockPath = join(root, '.install.lock');
  await withFileLock(
    lockPath,
    async () => {
      const need = installNeed(root);
      if (need === null) return;
      log(`Installing dependencies (${need}). The first time takes a minute or two.`);
      const startedMs = Date.now();
      const seconds = () => Math.round((Date.now() - startedMs) / 1000);
      const ticker = setInterval(() => log(`  still installing, ${seconds()} s`), 20_000);
      try {
        await install(root);
      } finally {
        clearInterval(ticker);
      }
      log(`Installed in ${seconds()} s.`);
    },
    { onWait: () => log('Another command is installing the dependencies; waiting for it.') },
  );
}

/**
 * The reason for an install, or null when the tree matches the lock file and Node 24 is installed.
 * @param {string} root
 * @returns {string | null}
 */
export function installNeed(root) {
  const wanted = readJson(join(root, 'package-lock.json'));
  if (wanted === null) throw new Error(`${join(root, 'package-lock.json')} is missing or broken. Restore it from git.`);
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'there is no node_modules';
  return findInstallDrift(wanted, installed) ?? (isNode24There(root) ? null : 'Node 24 is not there');
}

/** @param {string} root */
function isNode24There(root) {
  const path = findNode24(root);
  return path !== null && existsSync(path);
}

/** @param {string} root */
async function install(root) {
  const { code } = await runNpm(root, ['ci', ...CI_FLAGS]);
  if (code !== 0) {
    throw new Error(
      `Installing the dependencies failed: npm ci ended with code ${code}. Its own message is above. ` +
        'Check the network and the disk, then try again, or run "npm ci" to see all of its output.',
    );
  }
  await putNode24InPlace(root);
}

/**
 * If no Node 24 is locked for the platform, downloads one by exact version; npm verifies it against its registry's hash
 * and runs none of its scripts.
 * @param {string} root
 */
async function putNode24InPlace(root) {
  if (runsNode24(root)) return;
  const wanted = nodePackageOf(thisMachine());
  if (wanted !== undefined && !wanted.isLocked) {
    const folder = fetchedFolder(root);
    mkdirSync(folder, { recursive: true });
    await runNpm(root, ['install', '--prefix', folder, '--no-save', ...SAFE_FLAGS, `${wanted.name}@${wanted.version}`]);
    const path = findNode24(root);
    if (path !== null && runsNode24(root)) {
      const link = join(root, 'node_modules', '.bin', 'node');
      rmSync(link, { force: true });
      symlinkSync(path, link);
      return;
    }
  }
  throw new Error(
    wanted === undefined
      ? 'The dependencies are installed, but there is no Node 24 for this machine among them. Install Node 24 or newer and try again.'
      : `The dependencies are installed, but Node 24 (npm package "${wanted.name}") does not run on this machine. ` +
          'Delete node_modules and try again without --omit=optional, or install Node 24 or newer.',
  );
}

/** @param {string} root */
function runsNode24(root) {
  const path = findNode24(root);
  if (path === null) return false;
  const result = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return result.status === 0 && Number.parseInt(result.stdout.slice(1), 10) >= 24;
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
