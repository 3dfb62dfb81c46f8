import { describe, expect, it } from 'vitest';
import { type ListKeyPress, type ListPlace, readListKey } from './list-keys.ts';

function press(key: string, place: ListPlace, over: Partial<ListKeyPress> = {}) {
  return readListKey({
    key,
    place,
    isShift: false,
    isModified: false,
    isRepeat: false,
    isSelectable: true,
    ...over,
  });
}

const IN_ROWS = ['row', 'checkbox', 'control'] as const;

describe('in the search', () => {
  it('only the arrow down is a key of the list, so that every text can be typed', () => {
    expect(press('ArrowDown', 'search')).toEqual({ kind: 'enter' });
    for (const key of ['j', 'k', 'x', ' ', 'Enter', 'Escape', 'ArrowUp']) expect(press(key, 'search')).toBeNull();
    expect(press('ArrowDown', 'search', { isShift: true })).toBeNull();
  });
});

describe('in the rows', () => {
  it.each(IN_ROWS)('j, k and the arrows move between rows from the %s, also while held', (place) => {
    for (const key of ['j', 'ArrowDown'])
      expect(press(key, place, { isRepeat: true })).toEqual({ kind: 'move', step: 1 });
    for (const key of ['k', 'ArrowUp'])
      expect(press(key, place, { isRepeat: true })).toEqual({ kind: 'move', step: -1 });
  });

  it.each(IN_ROWS)('x selects the row from the %s, and a range with Shift', (place) => {
    expect(press('x', place)).toEqual({ kind: 'select', isRange: false });
    expect(press('X', place, { isShift: true })).toEqual({ kind: 'select', isRange: true });
    expect(press('X', place)).toEqual({ kind: 'select', isRange: false });
    expect(press('x', place, { isRepeat: true })).toBeNull();
  });

  it('Space selects the row from its link; the browser handles it on a checkbox and other controls', () => {
    expect(press(' ', 'row')).toEqual({ kind: 'select', isRange: false });
    expect(press(' ', 'row', { isShift: true })).toEqual({ kind: 'select', isRange: true });
    for (const place of ['checkbox', 'control', 'list'] as const) expect(press(' ', place)).toBeNull();
  });

  it('no key selects where rows have no checkbox', () => {
    for (const key of ['x', ' ']) expect(press(key, 'row', { isSelectable: false })).toBeNull();
  });

  it('Enter opens the row from its checkbox; the browser follows links and presses controls', () => {
    expect(press('Enter', 'checkbox')).toEqual({ kind: 'open' });
    for (const place of ['row', 'control', 'list'] as const) expect(press('Enter', place)).toBeNull();
  });

  it('Escape returns to the search', () => {
    for (const place of [...IN_ROWS, 'list'] as const) expect(press('Escape', place)).toEqual({ kind: 'leave' });
  });

  it('keys with Ctrl, Alt or Meta belong to the browser', () => {
    for (const key of ['j', 'x', 'ArrowDown', 'Escape']) expect(press(key, 'row', { isModified: true })).toBeNull();
  });
});

describe('on the list itself', () => {
  it('the arrows enter the rows, and nothing is selected', () => {
    expect(press('ArrowDown', 'list')).toEqual({ kind: 'move', step: 1 });
    expect(press('x', 'list')).toBeNull();
  });
});
