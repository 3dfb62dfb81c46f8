import { readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findNode24 } from './node-packages.mjs';

/** The repository's root, whatever the working directory. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * The project's own Node 24; the machine's Node may be older.
 * @param {string} [root]
 */
export function node24Path(root = ROOT) {
  return findNode24(root) ?? process.execPath;
}

/**
 * The environment for the project's tools: its own binaries first on the PATH, no telemetry.
 * @param {Record<string, string | undefined>} [extra]
 * @returns {Record<string, string | undefined>}
 */
export function toolEnv(extra = {}) {
  const binaries = [dirname(node24Path()), join(ROOT, 'node_modules', '.bin')];
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...process.env,
    DO_NOT_TRACK: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    ...extra,
    [pathKey]: [...binaries, process.env[pathKey] ?? ''].join(delimiter),
  };
}

/**
 * Where Espejo keeps its database, files and logs; the API resolves the same setting the same way.
 * @param {Record<string, string | undefined>} env
 */
export function dataDir(env) {
  return resolve(ROOT, env.ESPEJO_DATA_DIR || 'data');
}

/**
 * The script behind a command of an installed package, to be run by Node without a shell (so also on Windows).
 * @param {string} command
 * @param {string} [packageName]
 */
export function toolPath(command, packageName = command) {
  const folder = join(ROOT, 'node_modules', ...packageName.split('/'));
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}
