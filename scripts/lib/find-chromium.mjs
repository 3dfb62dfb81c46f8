import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { toolPath } from './paths.mjs';

/**
 * The machine as the search sees it; tests pass a fake one.
 * @typedef {{
 *   env: Record<string, string | undefined>, platform: NodeJS.Platform, isRoot: boolean, home: string,
 *   isExecutable: (path: string) => boolean, list: (folder: string) => string[],
 *   works: (path: string) => boolean, exec: (command: string, args: string[], env?: Record<string, string>) => boolean,
 *   log: (line: string) => void,
 * }} Machine
 */

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC_APPS = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome'];
const WINDOWS_APP = 'Google\\Chrome\\Application\\chrome.exe';
/** The path of the binary inside Playwright's `chromium-<revision>` folder. */
const PLAYWRIGHT_BINARIES = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-win64/chrome.exe',
  'chrome-win/chrome.exe',
];
/** How root installs a browser, by package manager; each line runs in turn. */
const PACKAGE_MANAGERS = [
  {
    command: 'apt-get',
    runs: [['update'], ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation']],
  },
  { command: 'dnf', runs: [['install', '-y', 'chromium']] },
  { command: 'apk', runs: [['add', '--no-cache', 'chromium']] },
];

/**
 * The path of a Chromium that runs on this machine, or null.
 * @param {Machine} machine
 * @returns {string | null}
 */
export function findChromium(machine = thisMachine()) {
  const chosen = machine.env.CHROMIUM_PATH;
  if (chosen) {
    if (machine.works(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is "${chosen}", which does not run. Correct it, or unset it to search.`);
  }
  return candidates(machine).find((path) => machine.isExecutable(path) && machine.works(path)) ?? null;
}

/**
 * The path of a Chromium that runs: an installed one, else Playwright's own download, else (as root) the distribution's
 * package. Throws with what to do when none of them works.
 * @param {Machine} machine
 * @returns {string}
 */
export function ensureChromium(machine = thisMachine()) {
  const found = findChromium(machine);
  if (found !== null) return found;

  machine.log('No Chromium on this machine; downloading the one for this Playwright.');
  machine.exec(process.execPath, [toolPath('playwright', '@playwright/test'), 'install', 'chromium'], {
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000',
  });
  const downloaded = findChromium(machine);
  if (downloaded !== null) return downloaded;

  const manager = PACKAGE_MANAGERS.find(({ command }) => onPath(machine, command) !== null);
  if (machine.isRoot && manager !== undefined) {
    machine.log(`The download failed; installing Chromium with ${manager.command}.`);
    for (const args of manager.runs) machine.exec(manager.command, args, { DEBIAN_FRONTEND: 'noninteractive' });
    const installed = findChromium(machine);
    if (installed !== null) return installed;
  }
  throw new Error(
    'The browser tests need Chromium, and none could be found, downloaded or installed. Install chromium or Google ' +
      'Chrome, or set CHROMIUM_PATH to one.',
  );
}

/**
 * Arguments of the tests. Chromium's sandbox cannot run as root, so it is disabled for root only.
 * @param {boolean} isRoot
 */
export function chromiumArgs(isRoot = process.getuid?.() === 0) {
  return [
    ...(isRoot ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
}

/** @param {Machine} machine @returns {string[]} */
function candidates(machine) {
  const onThePath = COMMANDS.map((command) => onPath(machine, command)).filter((path) => path !== null);
  const apps =
    machine.platform === 'darwin'
      ? ['/Applications', join(machine.home, 'Applications')].flatMap((folder) =>
          MAC_APPS.map((app) => join(folder, app)),
        )
      : machine.platform === 'win32'
        ? ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
            const folder = machine.env[name];
            return folder ? [join(folder, WINDOWS_APP)] : [];
          })
        : [];
  const cache = playwrightCache(machine);
  const builds = machine
    .list(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
    .flatMap((name) => PLAYWRIGHT_BINARIES.map((binary) => join(cache, name, ...binary.split('/'))));
  return [...onThePath, ...apps, ...builds];
}

/** @param {Machine} machine */
function playwrightCache({ env, platform, home }) {
  const chosen = env.PLAYWRIGHT_BROWSERS_PATH;
  if (chosen && chosen !== '0') return chosen;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'ms-playwright');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'ms-playwright');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'ms-playwright');
}

/** @param {Machine} machine @param {string} command @returns {string | null} */
function onPath(machine, command) {
  const folders = (machine.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, command)).find(machine.isExecutable) ?? null;
}

/** @returns {Machine} */
function thisMachine() {
  return {
    env: process.env,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    home: homedir(),
    isExecutable(path) {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    },
    list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
    // A stub of an app store, or a build with missing system libraries, fails here. On Windows
    // `--version` would open a window.
    works: (path) =>
      process.platform === 'win32'
        ? existsSync(path)
        : spawnSync(path, ['--version'], { timeout: 20_000, stdio: 'ignore' }).status === 0,
    exec(command, args, env = {}) {
      const { status, stderr, error } = spawnSync(command, args, {
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
        timeout: 10 * 60_000,
        env: { ...process.env, ...env },
      });
      if (status === 0) return true;
      console.error(
        `  ${error?.message ?? stderr.split('\n').find((line) => /error|^E:/i.test(line)) ?? `code ${status}`}`,
      );
      return false;
    },
    log: (line) => console.error(line),
  };
}
