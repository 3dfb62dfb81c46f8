import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presenceOf } from '../../search/word-score.ts';
import { occurrenceByte, PRESENCE_BOUNDS } from './occurrence-byte.ts';

describe('the occurrence byte', () => {
  it('never bounds a word below its true value, and is close to it for texts of usual length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20_000 }), (count, wordCount) => {
        const bound = PRESENCE_BOUNDS[occurrenceByte(count, wordCount)] ?? 0;
        const presence = presenceOf(count, wordCount);
        expect(bound).toBeGreaterThanOrEqual(presence - 1e-6);
        if (wordCount < 1000) expect(bound).toBeLessThan(presence + 0.1);
      }),
    );
  });
});
