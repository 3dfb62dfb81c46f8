import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnApi } from '../support/api-process.ts';
import { ACTS, createCoverage, printCoverage } from './coverage.ts';
import { play } from './play.ts';
import { CATCHES } from './scenario.ts';

/** `ESPEJO_DELETION_SEEDS=3000` plays more seeds, `ESPEJO_DELETION_FIRST=17 ESPEJO_DELETION_SEEDS=1` repeats one. */
const SEEDS = Number(process.env.ESPEJO_DELETION_SEEDS ?? 200);
const FIRST = Number(process.env.ESPEJO_DELETION_FIRST ?? 1);
/** Seeds that share a process, because a start takes longer than a deletion. */
const BATCH = 10;
const BATCH_TIMEOUT_MS = 1_800_000;

const batches = Array.from({ length: Math.ceil(SEEDS / BATCH) }, (_, i) => {
  const first = FIRST + i * BATCH;
  const last = Math.min(first + BATCH, FIRST + SEEDS) - 1;
  return { first, last, number: Math.floor((first - 1) / BATCH) };
});

describe('crash suite of deletions: kills at every step', () => {
  const coverage = createCoverage();
  const compileCacheDir = mkdtempSync(join(tmpdir(), 'espejo-compiled-'));
  beforeAll(async () => {
    // Node writes its compile cache only at a normal exit.
    const dataDir = mkdtempSync(join(tmpdir(), 'espejo-deletion-crash-'));
    const api = spawnApi({ dataDir, upstreamUrl: 'http://127.0.0.1:9/v1', upstreamKey: 'none', compileCacheDir });
    await api.ready;
    await api.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  afterAll(() => {
    console.info(`${SEEDS} seeds from ${FIRST}: ${printCoverage(coverage)}`);
    rmSync(compileCacheDir, { recursive: true, force: true });
  });

  describe.concurrent('the next process finishes them, leaves no orphan, deletes no shared file and records each step', () => {
    it.each(batches)(
      'holds every invariant for seeds $first to $last',
      ({ first, last, number }) =>
        play(
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
          { coverage, compileCacheDir, isInFullFlight: number % 3 === 2 },
        ),
      BATCH_TIMEOUT_MS,
    );
  });

  it.runIf(SEEDS >= 200)('the seeds cover every kind of request and kill', () => {
    for (const act of ACTS) {
      for (const how of CATCHES) expect(coverage.caught[`${act}, ${how}`] ?? 0, `${act}, ${how}`).toBeGreaterThan(0);
    }
    expect(coverage.kept).toBeGreaterThan(10);
    expect(coverage.statuses.succeeded).toBeGreaterThan(SEEDS * 0.75);
    // On a busy machine more deletions end before their kill.
    expect(coverage.interrupted.size).toBeGreaterThan(SEEDS * 0.75);
    expect(coverage.neverBegun).toBeGreaterThan(0);
    expect(coverage.scopesGiven).toBeGreaterThan(3);
    expect(coverage.lateRemovals).toBeGreaterThan(10);
  });
});
