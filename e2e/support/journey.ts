import { test as base } from '@playwright/test';
import { type Stack, type StackOptions, startStack } from './stack.ts';

/** What the console remembers of somebody who chose to use it without accounts. */
const WITHOUT_ACCOUNTS = { name: 'espejo-without-accounts', value: 'yes' };

interface JourneyOptions extends StackOptions {
  /** The browser was never here: it is asked for the owner's account first. */
  readonly isFirstVisit?: boolean;
}

/**
 * A test file with a running Espejo of its own: started once for the file, stopped after it. Journeys of one file share
 * it and run in order.
 */
export function journey({ isFirstVisit = false, ...options }: JourneyOptions = {}) {
  let running: Promise<Stack> | undefined;
  const test = base.extend<{ stack: Stack }>({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    stack: async ({}, use) => {
      running ??= startStack(options);
      await use(await running);
    },
    baseURL: async ({ stack }, use) => use(stack.url),
    storageState: async ({ stack }, use) => {
      const localStorage = isFirstVisit ? [] : [WITHOUT_ACCOUNTS];
      await use({ cookies: [], origins: [{ origin: stack.url, localStorage }] });
    },
  });
  test.describe.configure({ timeout: 1_800_000 });
  test.afterAll(async () => {
    await (await running)?.stop();
    running = undefined;
  });
  return test;
}
