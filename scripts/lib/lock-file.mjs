/**
Reads package-lock.json without npm. Pure functions over the parsed file (lockfileVersion 3).
 *
 * @typedef {{
 *   version?: string, integrity?: string, license?: string, link?: boolean, dev?: boolean, optional?: boolean, devOptional?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[],
 *   dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>,
 * }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lock
 */

/** @type {Record<string, string>} */
const SYSTEMS = {
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
};
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el'];

/**
 * How the installed tree differs from the lock file, or null. Optional packages may be
 * absent (they belong to other platforms); packages that are not in the lock file are ignored.
 * @param {Lock} wanted package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json, npm's own record of what it put there
 * @returns {string | null}
 */
export function findInstallDrift(wanted, installed) {
  for (const [key, entry] of Object.entries(wanted.packages)) {
    if (!key.includes('node_modules/')) continue;
    const present = installed.packages[key];
    if (present === undefined) {
      if (entry.optional || entry.devOptional) continue;
      return `${key} is not installed`;
    }
    if (entry.link) continue;
    if (present.version !== entry.version) return `${key} is ${present.version}, the lock file has ${entry.version}`;
    if (entry.integrity && present.integrity && present.integrity !== entry.integrity)
      return `${key} has other contents`;
  }
  return null;
}

/**
 * The optional dependencies of packages that the lock file does not list.
 * @param {Lock} lock
 * @returns {{ parent: string, name: string, version: string }[]}
 */
export function findMissingOptionals(lock) {
  const missing = [];
  for (const [parent, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!resolvesFrom(lock, parent, name)) missing.push({ parent, name, version });
    }
  }
  return missing;
}

/**
 * Adds the missing optional entries beside their parents, in place; returns what it added. They lack the hash of
 * their contents: see findUnpinned.
 * @param {Lock} lock
 * @returns {string[]}
 */
export function completeLock(lock) {
  const added = [];
  for (const { parent, name, version } of findMissingOptionals(lock)) {
    const platform = platformOf(name);
    if (platform === null || !/^\d+\.\d+\.\d+/.test(version)) {
      throw new Error(`${parent} needs ${name}@${version}: run npm install with a registry that has it.`);
    }
    const key = `${parent.slice(0, parent.lastIndexOf('node_modules/'))}node_modules/${name}`;
    lock.packages[key] = { version, ...platform, ...(lock.packages[parent]?.dev ? { dev: true } : {}), optional: true };
    added.push(`${name}@${version}`);
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  return added;
}

/**
 * Packages without a hash or a licence in the lock file, each once.
 * @param {Lock} lock
 * @returns {{ name: string, version: string }[]}
 */
export function findUnpinned(lock) {
  /** @type {Map<string, { name: string, version: string }>} */
  const found = new Map();
  for (const [key, { version, integrity, license, link }] of Object.entries(lock.packages)) {
    if (!key.includes('node_modules/') || link || version === undefined || (integrity && license)) continue;
    const name = nameOf(key);
    found.set(`${name}@${version}`, { name, version });
  }
  return [...found.values()];
}

/**
 * Writes the hash and licence from a registry into the entries that lack them. Throws if the registry has neither.
 * @param {Lock} lock
 * @param {{ name: string, version: string }} which
 * @param {Record<string, unknown>} facts
 */
export function addFacts(lock, { name, version }, facts) {
  const { 'dist.integrity': integrity, license } = facts;
  if (typeof integrity !== 'string' || !integrity.startsWith('sha512-') || typeof license !== 'string') {
    throw new Error(`${name}@${version}: the registry names no sha512 of its contents, or no licence.`);
  }
  for (const [key, entry] of Object.entries(lock.packages)) {
    if (entry.link || nameOf(key) !== name || entry.version !== version) continue;
    const { version: _, integrity: known, license: named, ...rest } = entry;
    lock.packages[key] = { version, integrity: known ?? integrity, license: named ?? license, ...rest };
  }
}

/** @param {string} key */
function nameOf(key) {
  return key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/**
 * The platform in a package's name (`@turbo/darwin-64`, `binding-linux-arm-gnueabihf`), in the form of the lock file.
 * @param {string} name
 * @returns {{ cpu: string[], libc?: string[], os?: string[] } | null}
 */
export function platformOf(name) {
  const words = name.replace(/^.*\//, '').split('-');
  const os = words.map((word) => SYSTEMS[word]).find((system) => system !== undefined);
  const processor = words.find((word) => PROCESSORS.includes(word)) ?? (words.includes('64') ? 'x64' : undefined);
  if (words.includes('wasm32')) return { cpu: ['wasm32'] };
  if (os === undefined || processor === undefined) return null;
  const isMusl = words.some((word) => word.startsWith('musl'));
  const isGlibc = words.some((word) => word.startsWith('gnu'));
  const libc = os === 'linux' && isMusl ? ['musl'] : os === 'linux' && isGlibc ? ['glibc'] : undefined;
  return { cpu: [processor], ...(libc ? { libc } : {}), os: [os] };
}

/**
 * Walks up the tree as Node does: parent/node_modules/name, then its parents'.
 * @param {Lock} lock
 * @param {string} parent
 * @param {string} name
 */
function resolvesFrom(lock, parent, name) {
  const segments = parent === '' ? [] : parent.split('/node_modules/');
  // 'node_modules/a/node_modules/b' and 'packages/x/node_modules/b' both end, after their own levels, at the root.
  const bases = segments.map((_, index) => segments.slice(0, index + 1).join('/node_modules/')).reverse();
  return [...bases.map((base) => `${base}/node_modules/${name}`), `node_modules/${name}`].some(
    (key) => lock.packages[key] !== undefined,
  );
}
