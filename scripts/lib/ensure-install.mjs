import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { withFileLock } from './file-lock.mjs';
import { findInstallDrift } from './lock-file.mjs';
import { node24Path, ROOT } from './paths.mjs';

/** Flags that make `npm ci` do the same whatever the user's own npm settings or NODE_ENV say. */
const CI_FLAGS = [
  '--include=dev',
  '--include=optional',
  '--ignore-scripts=false',
  '--engine-strict=false',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/**
 * Installs the project's dependencies when node_modules is absent or is not what package-lock.json asks for. Needs
 * nothing but the machine's Node 20+ and npm. Safe to call from several processes at once. Throws an Error whose
 * message tells what to do.
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
 * Why an install is due, in words, or null when the tree is as the lock file says and Node 24 is there.
 * @param {string} root
 * @returns {string | null}
 */
export function installNeed(root) {
  const wanted = readJson(join(root, 'package-lock.json'));
  if (wanted === null) throw new Error(`${join(root, 'package-lock.json')} is missing or broken. Restore it from git.`);
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'there is no node_modules';
  return findInstallDrift(wanted, installed) ?? (existsSync(node24Path(root)) ? null : 'Node 24 is not there');
}

/** @param {string} root */
async function install(root) {
  const code = await npm(root, ['ci', ...CI_FLAGS]);
  if (code !== 0) {
    throw new Error(
      `Installing the dependencies failed: npm ci ended with code ${code}. Its own message is above. ` +
        'Check the network and the disk, then try again, or run "npm ci" to see all of its output.',
    );
  }
  if (runsNode24(root)) return;
  // Reached when install scripts are switched off: the `node` package fetches its binary in one.
  await npm(root, ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
  if (runsNode24(root)) return;
  throw new Error(
    'The dependencies are installed, but Node 24 (npm package "node") does not run on this machine. ' +
      'Allow its install script (npm config get ignore-scripts), delete node_modules and try again.',
  );
}

/** @param {string} root */
function runsNode24(root) {
  const result = spawnSync(node24Path(root), ['--version'], { encoding: 'utf8' });
  return result.status === 0 && result.stdout.startsWith('v24.');
}

/**
 * Runs the npm that started us, on the Node that npm runs on: ours in node_modules is about to be replaced.
 * @param {string} root
 * @param {string[]} args
 * @returns {Promise<number>}
 */
function npm(root, args) {
  const { npm_execpath: execPath, npm_node_execpath: nodePath } = process.env;
  const isNpm = execPath !== undefined && basename(execPath).startsWith('npm') && existsSync(execPath);
  const stdio = /** @type {const} */ (['ignore', 'ignore', 'inherit']);
  const child = isNpm
    ? spawn(nodePath ?? process.execPath, [execPath, ...args], { cwd: root, stdio: [...stdio] })
    : spawn('npm', args, { cwd: root, stdio: [...stdio], shell: process.platform === 'win32' });
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`npm could not be started: ${cause.message}`, { cause })));
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
