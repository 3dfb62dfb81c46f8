import { SearchFilter } from '@espejo/contracts/openai';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsFilter } from './fits-filter.ts';

const attributes = { lang: 'en', year: 2026, score: 0.5, isDraft: false };

describe('a search filter', () => {
  it.each([
    ['eq', 'lang', 'en', true],
    ['eq', 'lang', 'de', false],
    ['eq', 'isDraft', false, true],
    ['eq', 'year', '2026', false],
    ['eq', 'missing', 'x', false],
    ['ne', 'lang', 'de', true],
    ['ne', 'lang', 'en', false],
    ['ne', 'missing', 'x', true],
    ['gt', 'year', 2025, true],
    ['gt', 'year', 2026, false],
    ['gte', 'year', 2026, true],
    ['gte', 'year', 2026.5, false],
    ['lt', 'score', 0.6, true],
    ['lt', 'score', 0.5, false],
    ['lte', 'score', 0.5, true],
    ['lte', 'score', 0.4, false],
    ['gt', 'lang', 'de', true],
    ['gt', 'lang', 1, false],
    ['lt', 'missing', 1, false],
    ['in', 'lang', ['de', 'en'], true],
    ['in', 'year', ['2026'], false],
    ['in', 'missing', ['x'], false],
    ['nin', 'lang', ['de', 'en'], false],
    ['nin', 'missing', ['x'], true],
  ] as const)('returns for %s %s %j: %s', (type, key, value, isFit) => {
    const filter = SearchFilter.parse({ type, key, value });
    expect(fitsFilter(attributes, filter)).toBe(isFit);
  });

  it('is evaluated at any depth from its parts', () => {
    const leaf = fc.record({
      type: fc.constantFrom('eq' as const, 'ne' as const, 'gte' as const),
      key: fc.constantFrom('a', 'b'),
      value: fc.integer({ min: 0, max: 2 }),
    });
    const { tree } = fc.letrec<{ tree: SearchFilter }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.record({
          type: fc.constantFrom('and' as const, 'or' as const),
          filters: fc.array(tie('tree'), { maxLength: 3 }),
        }),
      ),
    }));
    const small = fc.record({ a: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(tree, small, (filter, values) => {
        expect(SearchFilter.parse(filter)).toEqual(filter);
        if (!('filters' in filter)) return;
        const parts = filter.filters.map((part) => fitsFilter(values, part));
        const expected = filter.type === 'and' ? !parts.includes(false) : parts.includes(true);
        expect(fitsFilter(values, filter)).toBe(expected);
      }),
    );
  });
});
