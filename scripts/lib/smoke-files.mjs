/**
 * What `npm run test:smoke` runs: files, and folders whose tests are quick. Whatever is added must leave the whole under three
 * minutes on two quiet cores.
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

/** How much the long suites play; a value that is set already stays. */
export const SMOKE_ENV = {
  ESPEJO_CRASH_SEEDS: '3',
  ESPEJO_DELETION_SEEDS: '4',
  ESPEJO_INGESTION_SEEDS: '1',
  ESPEJO_TRANSFER_SEEDS: '1',
  // Fewer leave an operation out, which is a failure.
  ESPEJO_BENT_REQUESTS: '2000',
};
