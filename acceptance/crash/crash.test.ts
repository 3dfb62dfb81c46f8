import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnApi } from '../support/api-process.ts';
import { createCoverage } from './coverage.ts';
import { play } from './play.ts';

/** `ESPEJO_CRASH_SEEDS=1000` plays more seeds, `ESPEJO_CRASH_FIRST=17 ESPEJO_CRASH_SEEDS=1` repeats one. */
const SEEDS = Number(process.env.ESPEJO_CRASH_SEEDS ?? 60);
const FIRST = Number(process.env.ESPEJO_CRASH_FIRST ?? 1);
const SEED_TIMEOUT_MS = 1_800_000;

describe('crash suite of sync: random upstream histories, injected faults and kills', () => {
  const coverage = createCoverage();
  const compileCacheDir = mkdtempSync(join(tmpdir(), 'espejo-compiled-'));
  beforeAll(async () => {
    // Node writes its compile cache only at a normal exit.
    const dataDir = mkdtempSync(join(tmpdir(), 'espejo-crash-'));
    const api = spawnApi({ dataDir, upstreamUrl: 'http://127.0.0.1:9/v1', upstreamKey: 'none', compileCacheDir });
    await api.ready;
    await api.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  afterAll(() => {
    console.info(`${SEEDS} seeds from ${FIRST}: ${JSON.stringify(coverage)}`);
    rmSync(compileCacheDir, { recursive: true, force: true });
  });

  describe.concurrent('the mirror converges, removes nothing wrongly and writes nothing upstream', () => {
    it.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))(
      'holds every invariant for seed %i',
      (seed) => play(seed, { coverage, compileCacheDir }),
      SEED_TIMEOUT_MS,
    );
  });

  it.runIf(SEEDS >= 60)('the seeds cover every kind of kill, run status and removal', () => {
    const kills = Object.values(coverage.kills).reduce((sum, count) => sum + count, 0);
    expect(kills).toBeGreaterThanOrEqual(SEEDS);
    expect(Math.min(...Object.values(coverage.kills))).toBeGreaterThan(0);
    for (const status of ['partial', 'failed', 'cancelled', 'needs_review'] as const) {
      expect(coverage.runs[status]).toBeGreaterThan(0);
    }
    for (const removed of Object.values(coverage.removed)) expect(removed).toBeGreaterThan(0);
  });
});
