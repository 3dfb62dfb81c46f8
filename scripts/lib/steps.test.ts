import { describe, expect, it } from 'vitest';
import { failedStep, runSteps, stepLine, summarize } from './steps.mjs';
import { playwrightResult, vitestResult } from './test-reports.mjs';

describe('runSteps', () => {
  it('continues after a failure, adds up the counts, and prints the output of failed steps only', async () => {
    const lines: string[] = [];
    const sum = await runSteps(
      [
        { name: 'lint', run: async () => failedStep('x.ts:1 bad') },
        { name: 'broken', run: () => Promise.reject(new Error('no such tool')) },
        { name: 'unit', run: async () => ({ passed: 7, failed: 0, output: 'noise' }) },
      ],
      { log: (line) => lines.push(line) },
    );
    expect(sum).toEqual({ passed: 7, failed: 2 });
    const text = lines.join('\n');
    expect(text).toContain('x.ts:1 bad');
    expect(text).toContain('no such tool');
    expect(text).not.toContain('noise');
  });

  it('runs the steps of an inner list at the same time, and the next step when all have ended', async () => {
    const happened: string[] = [];
    const isSecondStarted = Promise.withResolvers<void>();
    const step = (name: string, run: () => Promise<void>) => ({
      name,
      run: async () => {
        await run();
        happened.push(name);
        return { passed: 1, failed: 0 };
      },
    });
    const sum = await runSteps(
      [
        [step('first', () => isSecondStarted.promise), step('second', async () => isSecondStarted.resolve())],
        step('third', async () => undefined),
      ],
      { log: () => undefined },
    );
    expect(happened).toHaveLength(3);
    expect(happened.at(-1)).toBe('third');
    expect(sum).toEqual({ passed: 3, failed: 0 });
  });
});

it.each([
  [{ passed: 3, failed: 0, skipped: 1 }, /^✓ unit .* 1\.5 s {3}3 passed, 1 skipped$/],
  [{ passed: 3, failed: 2 }, /^✗ unit .* 3 passed, 2 failed$/],
  [{ passed: 0, failed: 0 }, /^✓ unit +1\.5 s$/],
])('stepLine formats %j', (result, line) => {
  expect(stepLine('unit', result, 1_500)).toMatch(line);
});

it.each([
  [{ passed: 5, failed: 0 }, '5 passed, 0 failed', true],
  [{ passed: 5, failed: 1 }, '5 passed, 1 failed', false],
  [{ passed: 0, failed: 0 }, '0 passed, 0 failed', false],
])('summarize returns the last line and the result for %j', (sum, line, isGreen) => {
  expect(summarize(sum)).toEqual({ line, isGreen });
});

describe('test reports', () => {
  it('are counted for vitest', () => {
    const report = { numPassedTests: 9, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0 };
    expect(vitestResult(report, { code: 1, output: '' })).toMatchObject({ passed: 9, failed: 1, skipped: 2 });
  });

  it('are counted for Playwright, where passing at the second try is passed', () => {
    const report = { stats: { expected: 4, flaky: 1, unexpected: 2, skipped: 1 } };
    expect(playwrightResult(report, { code: 1, output: '' })).toMatchObject({ passed: 5, failed: 2, skipped: 1 });
  });

  it.each([
    ['all tests passed, but the run did not', { numPassedTests: 9 }],
    ['it left no report', undefined],
  ])('count one failure for a runner that exits with an error when %s', (_, report) => {
    expect(vitestResult(report, { code: 1, output: '' }).failed).toBe(1);
    expect(playwrightResult(report, { code: 1, output: '' }).failed).toBe(1);
  });
});
