import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const INTEGRATION = '**/*.integration.test.ts';
const SKIPPED = ['**/node_modules/**', '**/.next/**', '**/dist/**'];

/**
 * unit: seconds, no network, no processes. integration: real processes, kill -9, the official SDK against the
 * sandbox. acceptance: black-box over HTTP against `npm run start:api`.
 */
export default defineConfig({
  test: {
    // Two cores are the machine this must be quick on; more workers only wait for each other there.
    maxWorkers: 2,
    // Each test file has a process of its own, in which drizzle-orm is cheap to load with it.
    execArgv: ['--import', fileURLToPath(new URL('packages/db/src/lean-imports.ts', import.meta.url))],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: [...SKIPPED, INTEGRATION],
          // Generous: a busy machine is no failure.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: [`{apps,packages,scripts}/${INTEGRATION}`],
          exclude: SKIPPED,
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
        },
      },
      {
        test: {
          name: 'acceptance',
          include: ['acceptance/**/*.test.ts'],
          exclude: SKIPPED,
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
          // Each file runs a server of its own.
          fileParallelism: false,
        },
      },
    ],
  },
});
