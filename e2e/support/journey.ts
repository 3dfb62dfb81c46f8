import { test as base } from '@playwright/test';
import { type Stack, type StackOptions, startStack } from './stack.ts';

/**
 * A test file with a running Espejo of its own: started once for the file, stopped after it. Journeys of one file share
 * it and run in order.
 */
export function journey(options: StackOptions = {}) {
  let running: Promise<Stack> | undefined;
  const test = base.extend<{ stack: Stack }>({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    stack: async ({}, use) => {
      running ??= startStack(options);
      await use(await running);
    },
    baseURL: async ({ stack }, use) => use(stack.url),
  });
  test.describe.configure({ timeout: 120_000 });
  test.afterAll(async () => {
    await (await running)?.stop();
    running = undefined;
  });
  return test;
}
