import type { AttributeFilter } from '@espejo/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCondition,
  addGroup,
  printFilter,
  printValue,
  printValues,
  readFilterText,
  readValue,
  removeAt,
  replaceAt,
  withOperator,
  withValues,
} from './filter-tree.ts';

const eq = (key: string, value: string | number | boolean): AttributeFilter => ({ type: 'eq', key, value });

describe('the filter editor', () => {
  it('parses its own output, and parses an empty text as no filter', () => {
    const filter: AttributeFilter = {
      type: 'and',
      filters: [eq('a', 1), { type: 'or', filters: [eq('b', true), eq('c', 'x')] }],
    };
    expect(readFilterText(printFilter(filter))).toEqual({ ok: true, filter });
    for (const nothing of ['', '  ', 'null', printFilter(null)])
      expect(readFilterText(nothing)).toEqual({ ok: true, filter: null });
  });

  it('reports where a filter is invalid', () => {
    expect(readFilterText('{')).toEqual({ ok: false, reason: 'Not valid JSON.' });
    expect(readFilterText('{"type":"and","filters":[{"type":"eq"}]}')).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^filters\[0\]\.key: /),
    });
  });

  it('adds conditions and groups, and removes them until no filter is left', () => {
    const one = addCondition(null, []);
    const two = addCondition(one, []);
    expect(two).toMatchObject({ type: 'and', filters: [{ type: 'eq' }, { type: 'eq' }] });
    const three = addGroup(two, []);
    expect(three).toMatchObject({ filters: [{}, {}, { type: 'or', filters: [{ type: 'eq' }] }] });
    const four = addCondition(three, [2]);
    expect(four).toMatchObject({ filters: [{}, {}, { filters: [{}, {}] }] });
    expect(replaceAt(four, [2, 1], () => eq('deep', 2))).toMatchObject({
      filters: [{}, {}, { filters: [{}, eq('deep', 2)] }],
    });
    expect(removeAt(three, [2, 0]), 'an empty group is removed').toEqual(two);
    expect(removeAt(one, [])).toBeNull();
    expect(
      replaceAt(one, [4], () => eq('x', 1)),
      'a path that does not exist',
    ).toEqual(one);
    for (const filter of [one, two, three, four]) expect(readFilterText(printFilter(filter)).ok).toBe(true);
  });

  it('uses a list for in and nin, and one value for the other operators', () => {
    const condition = { type: 'eq', key: 'a', value: 'x' } as const;
    const list = withOperator(condition, 'in');
    expect(list).toEqual({ type: 'in', key: 'a', value: ['x'] });
    expect(withValues(list, 'x, 2, true')).toEqual({ type: 'in', key: 'a', value: ['x', 2, true] });
    expect(printValues(['x', 2, '2'])).toBe('x, 2, "2"');
    expect(withOperator(list, 'ne')).toEqual({ type: 'ne', key: 'a', value: 'x' });
    expect(withValues(condition, '7')).toEqual({ type: 'eq', key: 'a', value: 7 });
  });

  it('parses a value by its notation, and prints it so that it parses to the same value', () => {
    expect(['1811', '-0.5', 'true', '"1811"', 'abc', ''].map(readValue)).toEqual([1811, -0.5, true, '1811', 'abc', '']);
    const value = fc.oneof(fc.string(), fc.boolean(), fc.integer());
    fc.assert(
      fc.property(value, (given) => {
        expect(readValue(printValue(given))).toBe(given);
      }),
    );
  });
});
