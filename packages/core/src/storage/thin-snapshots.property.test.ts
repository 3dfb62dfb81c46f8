import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotsToRemove } from './thin-snapshots.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.UTC(2026, 5, 15, 13, 7);

/** Instants up to 400 days ago, in no order; some are equal in day and week. */
const instants = fc.uniqueArray(
  fc.integer({ min: 0, max: 400 * 24 }).map((hours) => NOW_MS - hours * HOUR_MS),
  { maxLength: 300 },
);

function keptOf(all: readonly number[], nowMs: number): number[] {
  const removed = new Set(snapshotsToRemove(all, nowMs));
  return all.filter((atMs) => !removed.has(atMs));
}

const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
/** The Monday of an instant, by the calendar. */
function weekOf(atMs: number): string {
  const date = new Date(atMs);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

describe('the thinning of snapshots', () => {
  it('keeps what a plain reading of the rule keeps', () => {
    fc.assert(
      fc.property(instants, (all) => {
        const aged = (from: number, to: number) => all.filter((atMs) => NOW_MS - atMs > from && NOW_MS - atMs <= to);
        const lastOfEach = (rows: readonly number[], of: (atMs: number) => string) =>
          [...Map.groupBy(rows, of).values()].map((group) => Math.max(...group));
        const expected = [
          ...all.filter((atMs) => NOW_MS - atMs <= 2 * DAY_MS),
          ...lastOfEach(aged(2 * DAY_MS, 90 * DAY_MS), dayOf),
          ...lastOfEach(aged(90 * DAY_MS, Number.POSITIVE_INFINITY), weekOf),
        ];
        expect(keptOf(all, NOW_MS).toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  it('after every sync leaves what thinning once at the end leaves', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 40 }), (all, every) => {
        const inOrder = all.toSorted((a, b) => a - b);
        let kept: number[] = [];
        for (const [index, atMs] of inOrder.entries()) {
          kept.push(atMs);
          if (index % every === 0) kept = keptOf(kept, atMs);
        }
        expect(keptOf(kept, NOW_MS)).toEqual(keptOf(inOrder, NOW_MS));
      }),
    );
  });

  it('never removes the newest snapshot, nor one from the future', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -30, max: 400 }), (all, days) => {
        const nowMs = NOW_MS - days * DAY_MS;
        const removed = new Set(snapshotsToRemove(all, nowMs));
        expect(removed.has(Math.max(...all))).toBe(false);
        expect(all.filter((atMs) => atMs > nowMs && removed.has(atMs))).toEqual([]);
      }),
    );
  });

  it('bounds a year of syncs every five minutes by two days, 90 days and the weeks before', () => {
    const year = Array.from({ length: (365 * DAY_MS) / (5 * 60_000) }, (_, i) => NOW_MS - i * 5 * 60_000);
    const kept = keptOf(year, NOW_MS).length;
    expect(kept).toBeGreaterThan(600);
    expect(kept).toBeLessThanOrEqual(577 + 90 + 41);
  });
});
