/**
 * Whether a changed file is part of the program: code, data or SQL, but not a test, documentation or an editor's
 * temporary file.
 * @param {string} path
 */
export function isSource(path) {
  return /\.(ts|mts|mjs|js|json|sql)$/.test(path) && !/(^|[\\/])[.#]|\.(test|suite)\.ts$/.test(path);
}
