import { test as base } from '@playwright/test';
import { type Stack, type StackOptions, startStack } from './stack.ts';

/** The choice to use the console without accounts, as the browser stores it. */
const WITHOUT_ACCOUNTS = { name: 'espejo-without-accounts', value: 'yes' };

interface JourneyOptions extends StackOptions {
  /** A new browser: the console first asks for the owner account. */
  readonly isFirstVisit?: boolean;
}

/**
 * A test file with its own Espejo, started once and stopped after the file. Journeys of one file share it and run in
 * order.
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
