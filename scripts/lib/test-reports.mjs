/**
 * Reads the JSON reports of the test runners.
 *
 * @typedef {import('./steps.mjs').StepResult} StepResult
 */

/**
 * Counts of vitest's JSON report. A run that failed without a failed test (an unhandled error, a file that does not load) is one
 * failure, never a success.
 * @param {unknown} report the parsed file, undefined when there is none
 * @param {{ code: number, output: string }} run
 * @returns {StepResult}
 */
export function vitestResult(report, { code, output }) {
  const passed = count(report, 'numPassedTests');
  const failed = count(report, 'numFailedTests');
  const skipped = count(report, 'numPendingTests') + count(report, 'numTodoTests');
  return settle({ passed, failed, skipped, code, output });
}

/**
 * Counts of Playwright's JSON report; a test that passed on a retry has passed.
 * @param {unknown} report
 * @param {{ code: number, output: string }} run
 * @returns {StepResult}
 */
export function playwrightResult(report, { code, output }) {
  const stats = isRecord(report) ? report.stats : undefined;
  const passed = count(stats, 'expected') + count(stats, 'flaky');
  return settle({ passed, failed: count(stats, 'unexpected'), skipped: count(stats, 'skipped'), code, output });
}

/** @param {{ passed: number, failed: number, skipped: number, code: number, output: string }} run */
function settle({ passed, failed, skipped, code, output }) {
  const endedBadly = code !== 0 && failed === 0;
  return { passed, failed: endedBadly ? 1 : failed, skipped, output };
}

/** @param {unknown} record @param {string} key */
function count(record, key) {
  const value = isRecord(record) ? record[key] : undefined;
  return typeof value === 'number' ? value : 0;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  return typeof value === 'object' && value !== null;
}
