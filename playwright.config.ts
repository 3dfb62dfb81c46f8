import { defineConfig, devices } from '@playwright/test';
import { chromiumArgs, findChromium } from './scripts/lib/find-chromium.mjs';

const executablePath = findChromium();

/** Journeys against the real stack. Build the console first (`npm test` does); each file starts its own servers. */
export default defineConfig({
  testDir: 'e2e/journeys',
  outputDir: 'test-results',
  workers: 1,
  // A test that passes only at the second try hides a fault.
  retries: 0,
  // Generous: a busy machine is no failure.
  timeout: 900_000,
  expect: { timeout: 180_000 },
  reporter: 'list',
  use: {
    // An element that never comes fails its own step, not the whole time of the journey.
    actionTimeout: 180_000,
    navigationTimeout: 180_000,
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { args: chromiumArgs(), ...(executablePath === null ? {} : { executablePath }) },
  },
});
