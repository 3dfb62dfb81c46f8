import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardRemovals, guardScope } from './guard.ts';
import { isDueForRemoval, isFileListingDue, NO_CANDIDATES, planHash, rollingIntervalMs } from './plan.ts';

const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 8 });
const candidates = fc.record({ vector_stores: ids, files: ids, attachments: ids });
const SCOPE = { organization: 'org-a', project: 'proj_a' };
const tooMany = guardRemovals('files', 9, 10);
const otherProject = guardScope({ ...SCOPE, project: 'proj_b' }, SCOPE, 1);
const hashOf = (input: Partial<Parameters<typeof planHash>[0]>) =>
  planHash({ connectionId: 'conn', candidates: NO_CANDIDATES, reasons: [], scope: SCOPE, ...input });

describe('the hash of a plan', () => {
  it('identifies its removals, in whatever order they are found', () => {
    fc.assert(
      fc.property(candidates, candidates, (a, b) => {
        const shuffled = {
          vector_stores: a.vector_stores.toReversed(),
          files: a.files.toReversed(),
          attachments: a.attachments.toReversed(),
        };
        expect(hashOf({ candidates: shuffled })).toBe(hashOf({ candidates: a }));
        const isSame = (['vector_stores', 'files', 'attachments'] as const).every(
          (kind) => JSON.stringify([...a[kind]].sort()) === JSON.stringify([...b[kind]].sort()),
        );
        expect(hashOf({ candidates: a }) === hashOf({ candidates: b })).toBe(isSame);
      }),
    );
  });

  it('differs for another connection, another kind, and another reason', () => {
    const hashes = [
      hashOf({}),
      hashOf({ connectionId: 'conn-2' }),
      hashOf({ candidates: { ...NO_CANDIDATES, files: ['x'] } }),
      hashOf({ candidates: { ...NO_CANDIDATES, vector_stores: ['x'] } }),
      hashOf({ candidates: { ...NO_CANDIDATES, attachments: ['x'] } }),
      hashOf({ reasons: [tooMany].filter((reason) => reason !== null) }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('includes the project only when the project is in question', () => {
    const other = { ...SCOPE, project: 'proj_c' };
    expect(hashOf({ scope: other })).toBe(hashOf({}));
    const reasons = [otherProject].filter((reason) => reason !== null);
    expect(hashOf({ reasons, scope: other })).not.toBe(hashOf({ reasons }));
  });
});

describe('isDueForRemoval', () => {
  const instant = fc.integer({ min: 0, max: 10_000 });

  it('returns true only for an item marked before this run began, after the grace period', () => {
    fc.assert(
      fc.property(
        fc.option(instant),
        instant,
        instant,
        fc.nat({ max: 5_000 }),
        (missingSinceMs, runStartedAtMs, nowMs, graceMs) => {
          const isDue = isDueForRemoval({ missingSinceMs, runStartedAtMs, nowMs, graceMs });
          expect(isDue).toBe(
            missingSinceMs !== null && missingSinceMs < runStartedAtMs && missingSinceMs + graceMs <= nowMs,
          );
        },
      ),
    );
  });

  it.each([
    ['an item that is not missing', null, false],
    ['an item that this run marked', 1_000, false],
    ['an item marked in the future, by a clock that was set back', 9_000, false],
    ['an item marked a moment before this run', 999, true],
  ])('decides about %s', (_, missingSinceMs, expected) => {
    expect(isDueForRemoval({ missingSinceMs, runStartedAtMs: 1_000, nowMs: 1_000, graceMs: 0 })).toBe(expected);
  });

  it('applies the grace period to the millisecond', () => {
    const due = (nowMs: number) => isDueForRemoval({ missingSinceMs: 0, runStartedAtMs: 1, nowMs, graceMs: 3_600_000 });
    expect(due(3_599_999)).toBe(false);
    expect(due(3_600_000)).toBe(true);
  });
});

describe('isFileListingDue', () => {
  const DAY_MS = 86_400_000;
  const AT_REST = {
    fingerprint: 'f',
    filesTotal: 3,
    filesInProgress: 0,
    listedFingerprint: 'f',
    filesListedAtMs: 1_000,
    knownAttachmentCount: 3,
    missingAttachmentCount: 0,
    isFull: false,
    nowMs: 2_000,
    relistIntervalMs: DAY_MS,
  } as const;

  it.each([
    ['a store with no change', {}, false],
    ['a full run', { isFull: true }, true],
    ['a changed fingerprint', { fingerprint: 'g' }, true],
    ['a store that was never completely listed', { listedFingerprint: null, filesListedAtMs: null }, true],
    ['files in progress', { filesInProgress: 1 }, true],
    ['an attachment that waits for its second check', { missingAttachmentCount: 1 }, true],
    ['a moment before the rolling re-list', { nowMs: 1_000 + DAY_MS - 1 }, false],
    ['the rolling re-list', { nowMs: 1_000 + DAY_MS }, true],
    ['a listing in the future, after the clock was set back', { nowMs: 999 }, true],
    ['a store that is empty upstream and here', { filesTotal: 0, knownAttachmentCount: 0, fingerprint: 'g' }, false],
    [
      'a store that is empty upstream and here, in a full run',
      { filesTotal: 0, knownAttachmentCount: 0, isFull: true },
      false,
    ],
    ['a store that is empty upstream, but not here', { filesTotal: 0, fingerprint: 'g' }, true],
    ['a store with files upstream, but none here', { knownAttachmentCount: 0, fingerprint: 'g' }, true],
  ])('decides about %s', (_, change, expected) => {
    expect(isFileListingDue({ ...AT_REST, ...change })).toBe(expected);
  });
});

describe('the rolling interval', () => {
  it('is constant for each store, between three quarters and all of the setting', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1_000, max: 1e9 }), (storeId, intervalMs) => {
        const ownMs = rollingIntervalMs(storeId, intervalMs);
        expect(ownMs).toBe(rollingIntervalMs(storeId, intervalMs));
        expect(ownMs).toBeGreaterThanOrEqual(Math.floor(intervalMs * 0.75));
        expect(ownMs).toBeLessThanOrEqual(intervalMs);
      }),
    );
  });

  it('spreads stores evenly', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 10_000; n += 1) {
      const tenth = Math.min(9, Math.floor(((rollingIntervalMs(`vs_${n}`, 1e6) - 750_000) / 250_000) * 10));
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...tenths)).toBeLessThan(1150);
  });
});
