import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { parseSync } from 'oxc-parser';
import { ROOT } from './paths.mjs';

/**
 * @typedef {{ readonly from: string, readonly to: string }} Edge
 * A file of the repository: what it imports (types and dynamic imports included), how many names it exports, its lines.
 * @typedef {{ readonly imports: readonly string[], readonly packages: readonly string[], readonly exportCount: number, readonly lineCount: number }} Source
 * @typedef {ReadonlyMap<string, Source>} ImportGraph
 */

const SOURCES = '{apps,packages,examples,acceptance,bench,e2e,scripts}/**/*.{ts,tsx,mts,mjs}';
const SKIPPED = /(^|\/)(node_modules|\.next|dist|\.turbo)(\/|$)/;

/**
 * Every source file of the repository with what it imports, by path from the root. Type-only imports and dynamic imports of
 * a literal count like any other.
 * @param {string} [root]
 * @returns {ImportGraph}
 */
export function readImportGraph(root = ROOT) {
  const paths = globSync(SOURCES, { cwd: root, exclude: (path) => SKIPPED.test(path) })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !SKIPPED.test(path) && !path.endsWith('.d.ts'))
    .sort();
  const known = new Set(paths);
  const resolve = createResolver(root, known);
  return new Map(
    paths.map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const { requests, exportCount } = readModule(path, text);
      const imports = new Set();
      const packages = new Set();
      for (const request of requests) {
        if (!/^[.#]|^@\//.test(request)) packages.add(request);
        const target = resolve(path, request);
        if (target !== undefined) imports.add(target);
      }
      return [
        path,
        { imports: [...imports], packages: [...packages], exportCount, lineCount: text.split('\n').length },
      ];
    }),
  );
}

/**
 * @param {string} path
 * @param {string} text
 */
function readModule(path, text) {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  const requests = [
    ...module.staticImports.map((one) => one.moduleRequest.value),
    ...exported.flatMap((one) => (one.moduleRequest === null ? [] : [one.moduleRequest.value])),
    ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
      const literal = /^(['"`])([^$]*)\1$/.exec(text.slice(start, end));
      return literal?.[2] === undefined ? [] : [literal[2]];
    }),
  ];
  return { requests, exportCount: exported.filter((one) => one.moduleRequest === null).length };
}

/**
The target of an import: relative paths, `#` of a workspace's "imports", `@/` of apps/web, and the workspaces' "exports".
 * @param {string} root
 * @param {ReadonlySet<string>} known
 * @returns {(from: string, request: string) => string | undefined}
 */
function createResolver(root, known) {
  const folders = globSync('{apps,packages,examples}/*/package.json', { cwd: root }).map((path) =>
    dirname(path.replaceAll('\\', '/')),
  );
  const workspaces = new Map(
    folders.map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return [manifest.name, { folder, exports: manifest.exports ?? {}, imports: manifest.imports ?? {} }];
    }),
  );
  /** @param {string} path */
  const asFile = (path) =>
    [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((candidate) => known.has(candidate));
  /** @param {string} from @param {string} request */
  function candidates(from, request) {
    if (request.startsWith('.')) return [join(dirname(from), request)];
    if (request.startsWith('@/')) return [join('apps/web/src', request.slice(2))];
    if (request.startsWith('#')) {
      const home = [...workspaces.values()].find(({ folder }) => from.startsWith(`${folder}/`));
      return home === undefined ? [] : matchTargets(home.imports, request).map((target) => join(home.folder, target));
    }
    const [, name, rest] = /^(@espejo\/[^/]+)(.*)$/.exec(request) ?? [];
    const workspace = name === undefined ? undefined : workspaces.get(name);
    if (workspace === undefined) return [];
    return matchTargets(workspace.exports, `.${rest}`).map((target) => join(workspace.folder, target));
  }
  return (from, request) => {
    for (const candidate of candidates(from, request)) {
      const file = asFile(candidate);
      if (file !== undefined) return file;
      if (existsSync(join(root, candidate)) && !/\.[cm]?[jt]sx?$/.test(candidate)) return undefined;
    }
    if (/^[.#]|^@\/|^@espejo\//.test(request) && /\.[cm]?tsx?$/.test(request) && !request.includes('.next/')) {
      throw new Error(`${from} imports ${request}, which resolves to no file.`);
    }
    return undefined;
  };
}

/**
 * @param {Readonly<Record<string, string>>} table "exports" or "imports" of a package.json
 * @param {string} request
 */
function matchTargets(table, request) {
  return Object.entries(table).flatMap(([pattern, target]) => {
    const [before, after] = pattern.split('*');
    if (after === undefined) return pattern === request ? [target] : [];
    if (!request.startsWith(before ?? '') || !request.endsWith(after)) return [];
    return [target.replace('*', request.slice(before?.length, request.length - after.length))];
  });
}

/**
 * The groups of nodes that reach each other (Tarjan's strongly connected components of more than one node, or of a node
 * that imports itself), each in order, the largest first.
 * @param {ReadonlyMap<string, Iterable<string>>} targets
 * @returns {string[][]}
 */
export function findCycles(targets) {
  /** @type {Map<string, { index: number, low: number, isOpen: boolean }>} */
  const seen = new Map();
  /** @type {string[]} */
  const open = [];
  /** @type {string[][]} */
  const cycles = [];
  /** @param {string} node */
  function visit(node) {
    const state = { index: seen.size, low: seen.size, isOpen: true };
    seen.set(node, state);
    open.push(node);
    for (const target of targets.get(node) ?? []) {
      const known = seen.get(target);
      if (known === undefined) state.low = Math.min(state.low, visit(target).low);
      else if (known.isOpen) state.low = Math.min(state.low, known.index);
    }
    if (state.low === state.index) {
      const group = open.splice(open.indexOf(node));
      for (const member of group) Object.assign(seen.get(member) ?? {}, { isOpen: false });
      if (group.length > 1 || [...(targets.get(node) ?? [])].includes(node)) cycles.push(group.sort());
    }
    return state;
  }
  for (const node of targets.keys()) if (!seen.has(node)) visit(node);
  return cycles.sort((a, b) => b.length - a.length);
}

/**
 * @param {ImportGraph} graph
 * @returns {string[][]} the files that import each other in a circle
 */
export function findFileCycles(graph) {
  return findCycles(new Map([...graph].map(([path, { imports }]) => [path, imports])));
}

/** Tests and their helpers. */
export const TEST_CODE = /\.(test|suite)\.tsx?$|\/testing\/|(^|\/)(acceptance|e2e|bench)\/|arbitraries\.ts$/;

/**
 * The imports between the direct sub-folders of a folder, without tests, and the groups of folders that import each other.
 * @param {ImportGraph} graph
 * @param {string} parent such as `apps/api/src/services`
 */
export function readFolders(graph, parent) {
  /** @param {string} path */
  const folderOf = (path) => {
    const [folder, ...rest] = path.startsWith(`${parent}/`) ? path.slice(parent.length + 1).split('/') : [];
    return rest.length === 0 ? undefined : folder;
  };
  /** @type {Map<string, Map<string, Edge[]>>} */
  const folders = new Map();
  for (const [from, { imports }] of graph) {
    const folder = folderOf(from);
    if (folder === undefined || TEST_CODE.test(from)) continue;
    const targets = folders.get(folder) ?? new Map();
    folders.set(folder, targets);
    for (const to of imports) {
      const target = folderOf(to);
      if (target === undefined || target === folder) continue;
      targets.set(target, [...(targets.get(target) ?? []), { from, to }]);
    }
  }
  return { folders, cycles: findCycles(new Map([...folders].map(([name, targets]) => [name, targets.keys()]))) };
}
