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
  it('names its removals, in whatever order they are found', () => {
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

  it('names the project only where the project is in question', () => {
    const other = { ...SCOPE, project: 'proj_c' };
    expect(hashOf({ scope: other })).toBe(hashOf({}));
    const reasons = [otherProject].filter((reason) => reason !== null);
    expect(hashOf({ reasons, scope: other })).not.toBe(hashOf({ reasons }));
  });
});

describe('when a missing item may be asked for', () => {
  const instant = fc.integer({ min: 0, max: 10_000 });

  it('is: marked before this run began, and the grace period over; never otherwise', () => {
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
    ['one that is not missing', null, false],
    ['one that this run marked', 1_000, false],
    ['one marked in the future, by a clock since set back', 9_000, false],
    ['one marked a moment before this run', 999, true],
  ])('%s', (_, missingSinceMs, expected) => {
    expect(isDueForRemoval({ missingSinceMs, runStartedAtMs: 1_000, nowMs: 1_000, graceMs: 0 })).toBe(expected);
  });

  it('counts the grace period to the millisecond', () => {
    const due = (nowMs: number) => isDueForRemoval({ missingSinceMs: 0, runStartedAtMs: 1, nowMs, graceMs: 3_600_000 });
    expect(due(3_599_999)).toBe(false);
    expect(due(3_600_000)).toBe(true);
  });
});

describe('whether the files of a store must be listed', () => {
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
    ['nothing moved', {}, false],
    ['a full run', { isFull: true }, true],
    ['the fingerprint moved', { fingerprint: 'g' }, true],
    ['never listed to the end', { listedFingerprint: null, filesListedAtMs: null }, true],
    ['files in progress', { filesInProgress: 1 }, true],
    ['an attachment waits for its second look', { missingAttachmentCount: 1 }, true],
    ['a moment before the rolling re-list', { nowMs: 1_000 + DAY_MS - 1 }, false],
    ['the rolling re-list', { nowMs: 1_000 + DAY_MS }, true],
    ['listed in the future: the clock was set back', { nowMs: 999 }, true],
    ['empty upstream and here', { filesTotal: 0, knownAttachmentCount: 0, fingerprint: 'g' }, false],
    ['empty upstream and here, in a full run', { filesTotal: 0, knownAttachmentCount: 0, isFull: true }, false],
    ['empty upstream, not here', { filesTotal: 0, fingerprint: 'g' }, true],
    ['here none, upstream some', { knownAttachmentCount: 0, fingerprint: 'g' }, true],
  ])('%s', (_, change, expected) => {
    expect(isFileListingDue({ ...AT_REST, ...change })).toBe(expected);
  });
});

describe('the rolling interval', () => {
  it('of a store is its own, always the same, between three quarters and all', () => {
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
