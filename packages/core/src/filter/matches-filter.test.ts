import { describe, expect, it } from 'vitest';
import { compareCodePoints, matchesFilter } from './matches-filter.ts';

const attributes = { lang: 'en', year: 2026, score: 0.5, isDraft: false };

describe('matchesFilter', () => {
  it.each([
    ['eq', 'lang', 'en', true],
    ['eq', 'lang', 'de', false],
    ['eq', 'isDraft', false, true],
    ['eq', 'isDraft', 0, false],
    ['eq', 'year', '2026', false],
    ['eq', 'missing', 'x', false],
    ['ne', 'lang', 'de', true],
    ['ne', 'lang', 'en', false],
    ['ne', 'year', '2026', true],
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
    ['lt', 'isDraft', true, false],
    ['lt', 'missing', 1, false],
    ['gte', 'missing', 1, false],
    ['in', 'lang', ['de', 'en'], true],
    ['in', 'lang', 'en', true],
    ['in', 'lang', [], false],
    ['in', 'year', ['2026'], false],
    ['in', 'missing', ['x'], false],
    ['nin', 'lang', ['de', 'en'], false],
    ['nin', 'lang', [], true],
    ['nin', 'missing', ['x'], true],
    ['eq', 'toString', 'x', false],
    ['ne', 'constructor', 'x', true],
  ] as const)('returns for %s %s %j: %s', (type, key, value, isFit) => {
    expect(matchesFilter(attributes, { type, key, value })).toBe(isFit);
  });

  it('evaluates a compound from its parts: "all of none" is true, "any of none" is false', () => {
    const yes = { type: 'eq', key: 'lang', value: 'en' } as const;
    const no = { type: 'eq', key: 'lang', value: 'de' } as const;
    expect(matchesFilter(attributes, { type: 'and', filters: [] })).toBe(true);
    expect(matchesFilter(attributes, { type: 'or', filters: [] })).toBe(false);
    expect(matchesFilter(attributes, { type: 'and', filters: [yes, { type: 'or', filters: [no, yes] }] })).toBe(true);
    expect(matchesFilter(attributes, { type: 'and', filters: [yes, { type: 'or', filters: [no, no] }] })).toBe(false);
  });
});

describe('compareCodePoints', () => {
  it('orders by code point, where UTF-16 units differ', () => {
    const ordered = ['', 'A', 'a', 'aa', 'é', '\ud7ff', '\ue000', '\ufffd', '🦆', '🦆a'];
    for (const [i, left] of ordered.entries()) {
      for (const [j, right] of ordered.entries())
        expect(Math.sign(compareCodePoints(left, right))).toBe(Math.sign(i - j));
    }
  });
});
