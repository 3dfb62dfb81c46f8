import { formatDuration } from './cli.mjs';

/**
 * The result of a step: its test counts, and its output when it failed. A step without tests (lint, types)
 * counts nothing when it passes and one failure when it fails.
 * @typedef {{ passed: number, failed: number, skipped?: number, output?: string }} StepResult
 * @typedef {{ name: string, run: () => Promise<StepResult> }} Step
 */

/**
 * Runs steps one after another, and those of an inner list at the same time, whatever fails. Prints a line for each with its time,
 * and the output only of those that failed. Returns the sum.
 * @param {readonly (Step | readonly Step[])[]} steps
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function runSteps(steps, { log = (line) => console.log(line) } = {}) {
  const sum = { passed: 0, failed: 0 };
  /** @param {Step} step */
  const runStep = async ({ name, run }) => {
    const startedMs = Date.now();
    const result = await run().catch((error) => failedStep(error instanceof Error ? error.message : String(error)));
    sum.passed += result.passed;
    sum.failed += result.failed;
    if (result.failed > 0 && result.output) log(`\n${result.output.trimEnd()}\n`);
    log(stepLine(name, result, Date.now() - startedMs));
  };
  for (const step of steps) await Promise.all([step].flat().map(runStep));
  return sum;
}

/**
 * The result of a failed step without test counts.
 * @param {string} output
 * @returns {StepResult}
 */
export function failedStep(output) {
  return { passed: 0, failed: 1, output };
}

/**
 * @param {string} name
 * @param {StepResult} result
 * @param {number} elapsedMs
 */
export function stepLine(name, { passed, failed, skipped = 0 }, elapsedMs) {
  const hasTests = passed > 0 || failed > 1 || skipped > 0;
  const counts = [
    `${passed} passed`,
    ...(failed ? [`${failed} failed`] : []),
    ...(skipped ? [`${skipped} skipped`] : []),
  ];
  const line = `${failed > 0 ? '✗' : '✓'} ${name.padEnd(22)} ${formatDuration(elapsedMs).padStart(9)}`;
  return hasTests ? `${line}   ${counts.join(', ')}` : line;
}

/**
 * The last line of `npm test` and its result: green if at least one test ran and none failed.
 * @param {{ passed: number, failed: number }} sum
 */
export function summarize({ passed, failed }) {
  return { line: `${passed} passed, ${failed} failed`, isGreen: failed === 0 && passed > 0 };
}
