import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFilter } from './arbitraries.ts';
import { FILTER_LIMITS, readFilter } from './read-filter.ts';

const leaf = { type: 'eq', key: 'a', value: 1 };

describe('readFilter', () => {
  it('reads every filter of the grammar unchanged', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(readFilter(filter)).toEqual({ ok: true, filter });
      }),
    );
  });

  it.each([
    [null, ''],
    [[], ''],
    ['eq', ''],
    [{}, 'type'],
    [{ type: 'like', key: 'a', value: 1 }, 'type'],
    [{ type: 'eq', value: 1 }, 'key'],
    [{ type: 'eq', key: '', value: 1 }, 'key'],
    [{ type: 'eq', key: 'a' }, 'value'],
    [{ type: 'eq', key: 'a', value: null }, 'value'],
    [{ type: 'eq', key: 'a', value: [1] }, 'value'],
    [{ type: 'gt', key: 'a', value: Number.NaN }, 'value'],
    [{ type: 'in', key: 'a', value: [1, {}] }, 'value[1]'],
    [{ type: 'in', property: 'filename', value: ['x'] }, 'property'],
    [{ type: 'and' }, 'filters'],
    [
      { type: 'and', filters: [leaf, { type: 'or', filters: [leaf, { ...leaf, type: 'EQ' }] }] },
      'filters[1].filters[1].type',
    ],
    [{ type: 'or', filters: [leaf], key: 'a' }, 'key'],
  ])('rejects %j at "%s"', (input, path) => {
    const read = readFilter(input);
    expect(read).toMatchObject({ ok: false, fault: { path, message: expect.stringMatching(/^[A-Z'].+\.$/) } });
  });

  it('accepts what is at the limits and rejects what is over them', () => {
    const nested = (depth: number): unknown => (depth === 1 ? leaf : { type: 'and', filters: [nested(depth - 1)] });
    const wide = (parts: number) => ({ type: 'or', filters: Array.from({ length: parts - 1 }, () => leaf) });
    const list = (length: number) => ({ type: 'in', key: 'a', value: Array.from({ length }, (_, index) => index) });
    expect(readFilter(nested(FILTER_LIMITS.depth)).ok).toBe(true);
    expect(readFilter(nested(FILTER_LIMITS.depth + 1)).ok).toBe(false);
    expect(readFilter(wide(FILTER_LIMITS.parts)).ok).toBe(true);
    expect(readFilter(wide(FILTER_LIMITS.parts + 1)).ok).toBe(false);
    expect(readFilter(list(FILTER_LIMITS.values)).ok).toBe(true);
    expect(readFilter(list(FILTER_LIMITS.values + 1)).ok).toBe(false);
    expect(readFilter({ type: 'and', filters: [list(FILTER_LIMITS.values), list(1)] }).ok).toBe(false);
  });

  it('does not recurse into a filter of a hundred thousand levels', () => {
    const text = `${'{"type":"and","filters":['.repeat(1000)}${JSON.stringify(leaf)}${']}'.repeat(1000)}`;
    let deep: unknown = JSON.parse(text);
    for (let level = 0; level < 100_000; level += 1) deep = { type: 'and', filters: [deep] };
    expect(readFilter(deep)).toMatchObject({ ok: false, fault: { message: 'Filters nest 16 deep at most.' } });
  });
});
