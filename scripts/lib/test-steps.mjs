import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ROOT, toolPath } from './paths.mjs';
import { runTool } from './run-tool.mjs';
import { playwrightResult, vitestResult } from './test-reports.mjs';

/**
 * One project of vitest.config.ts, or some of its files.
 * @param {'unit' | 'integration' | 'acceptance'} project
 * @param {readonly string[]} [paths] default: all
 * @returns {Promise<import('./steps.mjs').StepResult>}
 */
export function runVitest(project, paths = []) {
  return withReport(async (reportPath, readReport) => {
    const args = ['run', ...paths, '--project', project, '--reporter=default', '--reporter=json'];
    const run = await runTool([toolPath('vitest'), ...args, `--outputFile.json=${reportPath}`], {
      env: { NO_COLOR: '1', NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'espejo-tests') },
    });
    return vitestResult(readReport(), run);
  });
}

/**
 * The browser journeys; they take minutes, so each prints its line when it ends.
 * @param {string} chromiumPath
 * @param {readonly string[]} [paths] default: all
 * @returns {Promise<import('./steps.mjs').StepResult>}
 */
export function runPlaywright(chromiumPath, paths = []) {
  return withReport(async (reportPath, readReport) => {
    const run = await runTool([toolPath('playwright', '@playwright/test'), 'test', ...paths, '--reporter=list,json'], {
      env: { CHROMIUM_PATH: chromiumPath, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath },
      onOutput: (chunk) => process.stdout.write(chunk),
    });
    return playwrightResult(readReport(), { code: run.code, output: '' });
  });
}

/**
 * @template T
 * @param {(path: string, read: () => unknown) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withReport(work) {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-test-'));
  const path = join(folder, 'report.json');
  try {
    return await work(path, () => {
      try {
        return JSON.parse(readFileSync(path, 'utf8'));
      } catch {
        return undefined;
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
