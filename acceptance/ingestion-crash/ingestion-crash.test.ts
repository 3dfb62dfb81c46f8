import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Coverage, type Outcome, playClean, playCrashing } from './play.ts';

/** `ESPEJO_INGESTION_SEEDS=500` plays more seeds, `ESPEJO_INGESTION_FIRST=17 ESPEJO_INGESTION_SEEDS=1` repeats one. */
const SEEDS = Number(process.env.ESPEJO_INGESTION_SEEDS ?? 24);
const FIRST = Number(process.env.ESPEJO_INGESTION_FIRST ?? 1);
const SEED_TIMEOUT_MS = 1_800_000;

const seeds = Array.from({ length: SEEDS }, (_, i) => FIRST + i);

describe('crash suite of ingestion: kills while files are ingested or stores re-embedded', () => {
  const coverage: Coverage = { kills: 0, interrupted: 0, reembeddings: 0, caught: {}, statuses: {} };
  const compileCacheDir = mkdtempSync(join(tmpdir(), 'espejo-compiled-'));
  afterAll(() => {
    console.info(`${SEEDS} seeds from ${FIRST}: ${JSON.stringify(coverage)}`);
    rmSync(compileCacheDir, { recursive: true, force: true });
  });

  describe.concurrent('the next process finishes every file, with the chunks, vectors and search results of a clean run', () => {
    it.each(seeds)(
      'holds every invariant for seed %i',
      async (seed) => {
        const clean = await playClean(seed, compileCacheDir);
        const crashed = await playCrashing(seed, compileCacheDir, coverage);
        judge(crashed);
        expect(crashed).toEqual(clean);
        for (const { files } of crashed.stores) {
          for (const { status } of Object.values(files))
            coverage.statuses[status] = (coverage.statuses[status] ?? 0) + 1;
        }
      },
      SEED_TIMEOUT_MS,
    );
  });

  it.runIf(SEEDS >= 20)('the seeds cover every kind of kill', () => {
    expect(coverage.interrupted).toBeGreaterThan(SEEDS / 3);
    expect(coverage.reembeddings).toBeGreaterThan(SEEDS / 10);
    expect(Object.keys(coverage.caught).sort()).toEqual(['embedding, after', 'embedding, before', 'moment']);
    expect(Object.keys(coverage.statuses).sort()).toEqual(['completed', 'failed']);
  });
});

/** Invariants of every run, independent of the clean one. */
function judge({ stores, content }: Outcome): void {
  for (const [at, { counts, usageBytes, files }] of stores.entries()) {
    const rows = Object.entries(files);
    const of = (status: string) => rows.filter(([, file]) => file.status === status);
    expect(counts).toEqual({
      in_progress: 0,
      completed: of('completed').length,
      failed: of('failed').length,
      cancelled: 0,
      total: rows.length,
    });
    for (const [name, { lastError }] of of('failed')) {
      expect(lastError?.code, name).toMatch(/^(unsupported_file|invalid_file)$/);
      expect(lastError?.message, name).toMatch(/\.$/);
    }
    expect(usageBytes).toBe(rows.reduce((sum, [, file]) => sum + file.usageBytes, 0));
    expect(Object.keys(content[at]?.files ?? {}).sort()).toEqual(
      of('completed')
        .map(([name]) => name)
        .sort(),
    );
    expect(content[at]).toMatchObject({ strayChunks: 0, integrity: 'ok' });
  }
}
