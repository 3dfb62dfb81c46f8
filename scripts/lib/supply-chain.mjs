/**
 * Checks hashes, sources and licences in package-lock.json. Pure functions over the parsed file.
 *
 * @typedef {{ version?: string, integrity?: string | undefined, resolved?: string, link?: boolean,
 *   license?: string | undefined }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/** Licences that are compatible with Espejo's own (Apache-2.0), by SPDX name. */
const LICENSES_ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  // libvips, which the optional image package of Next loads unchanged.
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  // Applies to files, not to programs that use them: Lightning CSS, axe-core.
  'MPL-2.0',
  'OFL-1.1',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
];

/** Names that some packages use instead of the SPDX name. */
const SPELLINGS = new Map([
  ['Apache 2.0', 'Apache-2.0'],
  ['SIL OPEN FONT LICENSE', 'OFL-1.1'],
]);

/**
 * The errors in the lock file, a sentence each.
 * @param {Lock} lock
 * @returns {string[]}
 */
export function findSupplyChainFaults(lock) {
  const faults = [];
  for (const [key, entry] of Object.entries(lock.packages)) {
    if (!isFetched(key, entry)) continue;
    if (!/^sha512-/.test(entry.integrity ?? '')) faults.push(`${key}: no sha512 of its contents.`);
    if (entry.resolved !== undefined) faults.push(`${key}: names the address it came from, ${entry.resolved}.`);
    const license = licenseOf(entry);
    if (license === null) faults.push(`${key}: no licence is named.`);
    else if (!isAllowed(license)) faults.push(`${key}: licence ${license} is not allowed.`);
  }
  return faults;
}

/**
 * Every licence with the packages under it, the most used first.
 * @param {Lock} lock
 * @returns {{ license: string, packages: string[] }[]}
 */
export function listLicenses(lock) {
  /** @type {Map<string, Set<string>>} */
  const byLicense = new Map();
  for (const [key, entry] of Object.entries(lock.packages)) {
    if (!isFetched(key, entry)) continue;
    const license = licenseOf(entry) ?? 'unknown';
    const packages = byLicense.get(license) ?? new Set();
    packages.add(`${key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${entry.version}`);
    byLicense.set(license, packages);
  }
  return [...byLicense]
    .map(([license, packages]) => ({ license, packages: [...packages].sort() }))
    .sort((a, b) => b.packages.length - a.packages.length || a.license.localeCompare(b.license, 'en'));
}

/**
Whether an SPDX expression is satisfied by allowed licences: all of an AND, one of an OR.
 * @param {string} expression
 * @returns {boolean}
 */
export function isAllowed(expression) {
  return expression
    .replace(/[()]/g, ' ')
    .split(/\s+OR\s+/)
    .some((option) => option.split(/\s+AND\s+/).every((name) => LICENSES_ALLOWED.includes(name.trim())));
}

/**
 * A package from a registry, not a workspace.
 * @param {string} key
 * @param {LockedPackage} entry
 */
function isFetched(key, entry) {
  return key.includes('node_modules/') && entry.link !== true;
}

/** @param {LockedPackage} entry */
function licenseOf({ license }) {
  return license === undefined ? null : (SPELLINGS.get(license) ?? license);
}
