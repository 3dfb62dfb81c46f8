import { formatDuration } from './cli.mjs';

/**
 * What a step has to show: the tests it counted, and what it printed when it failed. A step without tests of its own (lint, types)
 * counts nothing while it passes and one failure when it does not.
 * @typedef {{ passed: number, failed: number, skipped?: number, output?: string }} StepResult
 * @typedef {{ name: string, run: () => Promise<StepResult> }} Step
 */

/**
 * Runs steps one after another, and those of an inner list at the same time, whatever fails. Prints a line for each with its time,
 * and the output only of those that failed. Answers the sum.
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
 * A step that has no tests to count, or could not get as far as counting them.
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
 * The last line of `npm test`, and its verdict: something must have run, and nothing may have failed.
 * @param {{ passed: number, failed: number }} sum
 */
export function verdict({ passed, failed }) {
  return { line: `${passed} passed, ${failed} failed`, isGreen: failed === 0 && passed > 0 };
}
