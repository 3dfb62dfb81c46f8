import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardMissingSamples, guardRemovals, guardScope, guardStoreListing, removalLimit } from './guard.ts';

const KINDS = ['vector_stores', 'files', 'attachments'] as const;

describe('the circuit breaker: max(5, 20 %)', () => {
  it.each([
    [0, 5],
    [1, 5],
    [24, 5],
    [25, 5],
    [29, 5],
    [30, 6],
    [34, 6],
    [35, 7],
    [100, 20],
    [1_000_000, 200_000],
  ])('allows for %i known items the removal of %i', (known, limit) => {
    expect(removalLimit(known)).toBe(limit);
    for (const kind of KINDS) {
      expect(guardRemovals(kind, limit, known)).toBeNull();
      expect(guardRemovals(kind, limit + 1, known)).toMatchObject({
        code: 'too_many_removals',
        kind,
        value: limit + 1,
        limit,
        known,
      });
    }
  });

  it('stops exactly what is more than five and more than a fifth', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }), (candidates, known) => {
        const isTooMany = candidates > 5 && candidates * 5 > known;
        expect(guardRemovals('files', candidates, known) !== null).toBe(isTooMany);
      }),
    );
  });

  it('reports how many of how many, and what share', () => {
    expect(guardRemovals('attachments', 30, 120)?.message).toBe(
      '30 of 120 known attached files (25 %) are no longer listed; more than 24 at once need a person’s approval.'.replace(
        '’',
        "'",
      ),
    );
  });
});

describe('guardStoreListing', () => {
  const guard = (knownCount: number, seenCount: number, seenKnownCount: number) =>
    guardStoreListing({ knownCount, seenCount, seenKnownCount });

  it('rejects an empty listing when a store was known', () => {
    expect(guard(1, 0, 0)).toMatchObject({
      code: 'empty_listing',
      known: 1,
      message: expect.stringContaining('1 is known'),
    });
    expect(guard(500, 0, 0)).toMatchObject({
      code: 'empty_listing',
      known: 500,
      message: expect.stringContaining('500 are known'),
    });
  });
  it('rejects a listing of unknown ids only when a store was known', () => {
    expect(guard(5, 3, 0)).toMatchObject({ code: 'only_unknown_ids', value: 3, known: 5 });
  });
  it('accepts a first listing, and one with a single known store', () => {
    expect(guard(0, 0, 0)).toBeNull();
    expect(guard(0, 9, 0)).toBeNull();
    expect(guard(5, 900, 1)).toBeNull();
  });
});

describe('guardScope', () => {
  const A = { organization: 'org-a', project: 'proj_a' };
  it('reports another project when its name, or its organization’s name, differs', () => {
    expect(guardScope({ ...A, project: 'proj_b' }, A, 1)).toMatchObject({
      code: 'project_changed',
      message: expect.stringContaining('proj_b'),
    });
    expect(guardScope({ ...A, organization: 'org-b' }, A, 1)?.code).toBe('project_changed');
    expect(
      guardScope({ organization: 'org-b', project: null }, { organization: 'org-a', project: null }, 1)?.message,
    ).toContain('org-b');
  });
  it('reports nothing when a name is missing, on either side', () => {
    const unnamed = { organization: null, project: null };
    expect(guardScope(unnamed, A, 9)).toBeNull();
    expect(guardScope(A, unnamed, 9)).toBeNull();
    expect(
      guardScope({ organization: null, project: 'proj_a' }, { organization: 'org-a', project: null }, 9),
    ).toBeNull();
    expect(guardScope(A, A, 9)).toBeNull();
  });
  it('reports nothing while nothing is known', () => {
    expect(guardScope({ ...A, project: 'proj_b' }, A, 0)).toBeNull();
  });
});

describe('guardMissingSamples', () => {
  it('stops the run for review when all sample files are gone, and not when there was none', () => {
    expect(guardMissingSamples({ absentCount: 3, knownCount: 40 })).toMatchObject({
      code: 'only_unknown_ids',
      kind: 'files',
      value: 3,
      known: 40,
    });
    expect(guardMissingSamples({ absentCount: 0, knownCount: 40 })).toBeNull();
  });
});
