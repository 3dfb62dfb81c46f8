/**
 * The files and folders of `npm run test:smoke`. The whole must take less than three
 * minutes on two idle cores.
 */
export const SMOKE_FILES = {
  unit: ['packages/core/src', 'packages/contracts/src', 'packages/upstream/src', 'packages/agents/src', 'scripts'],
  integration: [
    'apps/api/src/services/sync/run/start-sync-run.integration.test.ts',
    'apps/api/src/services/sync/breaker.integration.test.ts',
    'apps/api/src/services/deletion/plan/plan-deletion.integration.test.ts',
    'packages/db/src/transaction.integration.test.ts',
  ],
  acceptance: [
    'acceptance/crash/crash.test.ts',
    'acceptance/deletion-crash/deletion-crash.test.ts',
    'acceptance/ingestion-crash/ingestion-crash.test.ts',
    'acceptance/transfers/transfer-crash.test.ts',
    'acceptance/openapi/fuzzed-requests.test.ts',
    'acceptance/http/vector-stores.test.ts',
    'acceptance/openai/mirrors.test.ts',
  ],
  journeys: ['e2e/journeys/start-to-synced.spec.ts', 'e2e/journeys/keys-and-audit.spec.ts'],
};

/** Sizes of the long suites; variables that are already set are kept. */
export const SMOKE_ENV = {
  ESPEJO_CRASH_SEEDS: '3',
  ESPEJO_DELETION_SEEDS: '4',
  ESPEJO_INGESTION_SEEDS: '1',
  ESPEJO_TRANSFER_SEEDS: '1',
  // Fewer would leave an operation out, which fails the suite.
  ESPEJO_FUZZED_REQUESTS: '2000',
};
