import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { toolPath } from './paths.mjs';
import { runTool } from './run-tool.mjs';
import { playwrightResult, vitestResult } from './test-reports.mjs';

/**
 * One project of vitest.config.ts.
 * @param {'unit' | 'integration' | 'acceptance'} project
 * @returns {Promise<import('./steps.mjs').StepResult>}
 */
export function runVitest(project) {
  return withReport(async (reportPath, readReport) => {
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json'];
    const run = await runTool([toolPath('vitest'), ...args, `--outputFile.json=${reportPath}`], {
      env: { NO_COLOR: '1' },
    });
    return vitestResult(readReport(), run);
  });
}

/**
 * The browser journeys; they run as long as minutes, so each shows its line when it ends.
 * @param {string} chromiumPath
 * @returns {Promise<import('./steps.mjs').StepResult>}
 */
export function runPlaywright(chromiumPath) {
  return withReport(async (reportPath, readReport) => {
    const run = await runTool([toolPath('playwright', '@playwright/test'), 'test', '--reporter=list,json'], {
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
