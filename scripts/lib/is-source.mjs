/**
 * Whether a changed file is part of what runs: code, data or SQL, but no test, no page of documentation and no temporary
 * file of an editor.
 * @param {string} path
 */
export function isSource(path) {
  return /\.(ts|mts|mjs|js|json|sql)$/.test(path) && !/(^|[\\/])[.#]|\.(test|suite)\.ts$/.test(path);
}
