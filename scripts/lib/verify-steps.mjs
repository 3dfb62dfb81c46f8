import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT, toolPath } from './paths.mjs';
import { listRetiredWords } from './retired-words.mjs';
import { mapLimited, runTool } from './run-tool.mjs';
import { failedStep } from './steps.mjs';
import { findSupplyChainFaults } from './supply-chain.mjs';
import { runVitest } from './test-steps.mjs';

/** @typedef {import('./steps.mjs').StepResult} StepResult */

const TSC_AT_ONCE = 2;

/** The checks of `npm run verify`, cheapest first; `npm test` runs the same first. */
export const VERIFY_STEPS = [
  { name: 'format and lint', run: () => check([toolPath('biome', '@biomejs/biome'), 'ci', '--colors=off', '.']) },
  { name: 'retired words', run: checkWords },
  { name: 'types', run: checkTypes },
  // No files or service folders import each other in a cycle, and no import breaks a layer rule.
  { name: 'import graph', run: () => check([join(ROOT, 'scripts', 'print-import-graph.mjs')]) },
  { name: 'unused code', run: () => check([toolPath('knip'), '--no-progress']) },
  { name: 'supply chain', run: checkSupplyChain },
  { name: 'migrations', run: checkMigrations },
  { name: 'unit tests', run: () => runVitest('unit') },
];

/**
 * @param {string[]} args
 * @returns {Promise<StepResult>}
 */
async function check(args) {
  const { code, output } = await runTool(args);
  return code === 0 ? { passed: 0, failed: 0 } : failedStep(output);
}

/** No word that the glossary retired. */
async function checkWords() {
  const places = listRetiredWords(ROOT);
  return places.length === 0 ? { passed: 0, failed: 0 } : failedStep(`${places.join('\n')}\nSee docs/glossary.md.`);
}

/**
 * The code that runs in Node is one program (`tsconfig.node.json`): what it shares is read once. A workspace that it does
 * not name is checked by its own `tsconfig.json`. What is unchanged since the last check is not checked again.
 */
async function checkTypes() {
  const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.node.json'), 'utf8'));
  const workspaces = ['apps', 'packages'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`),
  );
  const others = [...workspaces, 'e2e', 'scripts']
    .filter((folder) => !include.includes(folder) && !include.includes(`${folder}/src`))
    .map((folder) => `${folder}/tsconfig.json`)
    .filter((path) => existsSync(join(ROOT, path)));
  if (!existsSync(join(ROOT, 'apps', 'web', 'next-env.d.ts'))) {
    // Not in git: Next generates it, with the types of the routes, before its first build.
    await runTool([toolPath('next'), 'typegen'], { cwd: join(ROOT, 'apps', 'web') });
  }
  const cache = join(ROOT, 'node_modules', '.cache', 'types');
  const results = await mapLimited(['tsconfig.node.json', ...others], TSC_AT_ONCE, (project) =>
    runTool([
      toolPath('tsc', 'typescript'),
      ...['-p', project, '--incremental', '--tsBuildInfoFile'],
      join(cache, `${project.replaceAll('/', '-')}.tsbuildinfo`),
    ]),
  );
  const broken = results.filter(({ code }) => code !== 0);
  return broken.length === 0 ? { passed: 0, failed: 0 } : failedStep(broken.map(({ output }) => output).join('\n'));
}

/** Every package is pinned by hash, names no registry, and has an allowed licence. */
async function checkSupplyChain() {
  const faults = findSupplyChainFaults(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
  if (faults.length === 0) return { passed: 0, failed: 0 };
  return failedStep(`package-lock.json:\n  ${faults.join('\n  ')}\nRun: node scripts/complete-lock.mjs`);
}

/** The SQL in migrations/ must match the schema: drizzle-kit generates nothing new. */
async function checkMigrations() {
  const copy = mkdtempSync(join(tmpdir(), 'espejo-migrations-'));
  try {
    cpSync(join(ROOT, 'migrations'), copy, { recursive: true });
    const cwd = join(ROOT, 'packages', 'db');
    const before = readdirSync(copy).sort();
    const kit = toolPath('drizzle-kit');
    const out = relative(cwd, copy);
    const consistent = await runTool([kit, 'check', '--dialect', 'sqlite', '--out', out], { cwd });
    if (consistent.code !== 0) return failedStep(consistent.output);
    const generated = await runTool(
      [kit, 'generate', '--dialect', 'sqlite', '--schema', './src/schema/*.ts', '--out', out, '--name', 'drift'],
      { cwd },
    );
    if (generated.code !== 0) return failedStep(generated.output);
    const added = readdirSync(copy).filter((name) => !before.includes(name));
    if (added.length === 0) return { passed: 0, failed: 0 };
    return failedStep(`The schema has changes without a migration. Run: npm run db:generate\n${generated.output}`);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
