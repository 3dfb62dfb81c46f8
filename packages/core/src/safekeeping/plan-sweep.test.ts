import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSweep, SWEEP_UPTIME_MIN_MS, type SweepFacts } from './plan-sweep.ts';

const hashOf = (names: readonly string[]) => names.join('+');
const plan = (facts: Partial<SweepFacts>) =>
  planSweep(
    { keptCount: 100, setAsideCount: 0, unnamed: [], uptimeMs: SWEEP_UPTIME_MIN_MS, approvedHash: null, ...facts },
    hashOf,
  );
const named = (count: number) => Array.from({ length: count }, (_, i) => `blob-${String(i).padStart(3, '0')}`);

describe('a sweep of content that no row refers to', () => {
  it('waits for hours of uptime, whatever was approved', () => {
    const unnamed = named(3);
    const uptimeMs = SWEEP_UPTIME_MIN_MS - 1;
    expect(plan({ unnamed, uptimeMs, approvedHash: hashOf(unnamed) })).toEqual({ kind: 'wait' });
  });

  it.each([
    [5, 5, 'set_aside'],
    [5, 6, 'ask'],
    [28, 28, 'ask'],
    [100, 20, 'set_aside'],
    [100, 21, 'ask'],
  ])('decides for %i kept and %i unreferenced contents: %s', (keptCount, count, kind) => {
    expect(plan({ keptCount, unnamed: named(count) }).kind).toBe(kind);
  });

  it('counts what earlier sweeps have set aside, so that many small sweeps cannot exceed the limit', () => {
    expect(plan({ setAsideCount: 20, unnamed: named(1) })).toEqual({
      kind: 'ask',
      hash: 'blob-000',
      count: 1,
      limit: 20,
    });
  });

  it('sets aside exactly the approved names, in whatever order they are found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 21, max: 100 }), (count) => {
        const unnamed = named(count);
        const asked = plan({ unnamed });
        const approvedHash = asked.kind === 'ask' ? asked.hash : null;
        expect(plan({ unnamed: unnamed.toReversed(), approvedHash })).toEqual({ kind: 'set_aside', names: unnamed });
        expect(plan({ unnamed: [...unnamed, 'another'], approvedHash }).kind).toBe('ask');
      }),
    );
  });
});
