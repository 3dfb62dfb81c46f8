import { dirname } from 'node:path/posix';
import { findFileCycles, readFolders, readImportGraph, TEST_CODE } from './import-graph.mjs';
import { findBrokenRules } from './layer-rules.mjs';

/** @typedef {import('./import-graph.mjs').ImportGraph} ImportGraph */

const SERVICES = 'apps/api/src/services';

/** Folders below which no two may import each other. */
const ROOMS = [SERVICES];

/** A folder with more files than this should be divided into sub-folders. */
const FILES_MAX = 25;

/**
 * Counts of the imports of the whole tree, and violations of the rules.
 * @param {ImportGraph} [graph]
 * @returns {{ lines: string[], faults: string[] }}
 */
export function checkImportGraph(graph = readImportGraph()) {
  const fileCycles = findFileCycles(graph);
  const rooms = ROOMS.map((parent) => ({ parent, ...readFolders(graph, parent) }));
  const broken = findBrokenRules(graph);
  const product = [...graph].filter(([path]) => /^(apps|packages)\//.test(path) && !TEST_CODE.test(path));
  const lineCount = product.reduce((sum, [, { lineCount }]) => sum + lineCount, 0);
  const exportCount = product.reduce((sum, [, { exportCount }]) => sum + exportCount, 0);
  const contractImports = product.filter(
    ([path, { packages }]) =>
      path.startsWith(`${SERVICES}/`) && packages.some((name) => name.startsWith('@espejo/contracts')),
  );
  const crowded = [...Map.groupBy(graph.keys(), (path) => dirname(path))]
    .filter(([folder, paths]) => /^(apps|packages)\//.test(folder) && paths.length > FILES_MAX)
    .map(([folder, paths]) => `${folder} ${paths.length}`);
  return {
    lines: [
      `${graph.size} files; cycles of files, types included: ${fileCycles.length}`,
      ...rooms.map(({ parent, folders, cycles }) => `${parent}: ${folders.size} folders, cycles: ${cycles.length}`),
      `imports that break a layer rule: ${broken.length}`,
      `files in services that import contracts: ${contractImports.length}`,
      `exports per 1,000 lines of apps and packages, tests apart: ${((exportCount / lineCount) * 1000).toFixed(1)}`,
      `folders of more than ${FILES_MAX} files: ${crowded.length}${crowded.length > 0 ? ` (${crowded.join(', ')})` : ''}`,
    ],
    faults: [
      ...fileCycles.map((files) => `cycle of ${files.length} files:\n${describeCycle(graph, files)}`),
      ...rooms.flatMap(({ parent, folders, cycles }) =>
        cycles.map((names) => `cycle of ${names.length} folders in ${parent}:\n${describeFolders(folders, names)}`),
      ),
      ...broken,
    ],
  };
}

/**
 * @param {ImportGraph} graph
 * @param {readonly string[]} files
 */
function describeCycle(graph, files) {
  return files
    .map(
      (path) =>
        `  ${path} -> ${graph
          .get(path)
          ?.imports.filter((to) => files.includes(to))
          .join(', ')}`,
    )
    .join('\n');
}

/**
 * @param {ReturnType<typeof readFolders>['folders']} folders
 * @param {readonly string[]} names
 */
function describeFolders(folders, names) {
  return names
    .flatMap((name) =>
      [...(folders.get(name) ?? [])]
        .filter(([target]) => names.includes(target))
        .map(([target, edges]) => {
          const [first] = edges;
          return `  ${name} -> ${target} (${edges.length}): ${first?.from} -> ${first?.to}`;
        }),
    )
    .join('\n');
}
