import { describe, expect, it } from 'vitest';
import {
  countSelected,
  isSelected,
  loadedMark,
  NO_SELECTION,
  type SelectionState,
  selectMatching,
  selectRange,
  toggleLoaded,
  toggleRow,
} from './selection-state.ts';

const ROWS = ['a', 'b', 'c', 'd', 'e'];

function selected(state: SelectionState): string {
  return ROWS.filter((id) => isSelected(state, id)).join('');
}

function toggled(...ids: string[]): SelectionState {
  return ids.reduce(toggleRow, NO_SELECTION);
}

describe('a range', () => {
  it('selects every row between the last one and this one, in both directions', () => {
    expect(selected(selectRange(toggled('b'), ROWS, 'd'))).toBe('bcd');
    expect(selected(selectRange(toggled('d'), ROWS, 'b'))).toBe('bcd');
  });

  it('keeps the rows that were selected outside it', () => {
    expect(selected(selectRange(toggled('e', 'a'), ROWS, 'b'))).toBe('abe');
  });

  it('unselects when the last row was unselected', () => {
    const all = toggleLoaded(NO_SELECTION, ROWS);
    expect(selected(selectRange(toggleRow(all, 'b'), ROWS, 'd'))).toBe('ae');
  });

  it('continues from where the last range ended', () => {
    const first = selectRange(toggled('a'), ROWS, 'b');
    expect(selected(selectRange(first, ROWS, 'd'))).toBe('abcd');
  });

  it('is the one row without a last row, or when the last row is not in the list', () => {
    expect(selected(selectRange(NO_SELECTION, ROWS, 'c'))).toBe('c');
    expect(selected(selectRange(toggled('gone'), ROWS, 'c'))).toBe('c');
    expect(selected(selectRange(toggled('c'), ROWS, 'c'))).toBe('');
  });

  it('excepts rows from all matching ones when it unselects', () => {
    const state = selectRange(toggleRow(selectMatching(), 'b'), ROWS, 'c');
    expect(state).toMatchObject({ kind: 'matching', exceptIds: new Set(['b', 'c']) });
  });
});

describe('all matching rows', () => {
  it('include rows that are not loaded', () => {
    expect(isSelected(selectMatching(), 'not loaded')).toBe(true);
    expect(countSelected(selectMatching(), 6000)).toBe(6000);
  });

  it('stay selected but for the one that is unselected', () => {
    const state = toggleRow(selectMatching(), 'b');
    expect(selected(state)).toBe('acde');
    expect(countSelected(state, 6000)).toBe(5999);
    expect(selected(toggleRow(state, 'b'))).toBe('abcde');
  });

  it('count as none when each is excepted', () => {
    expect(countSelected(toggleRow(toggleRow(selectMatching(), 'a'), 'b'), 1)).toBe(0);
  });
});

describe('the checkbox of the header', () => {
  it('shows whether none, some or all of the loaded rows are selected', () => {
    expect(loadedMark(NO_SELECTION, ROWS)).toBe('none');
    expect(loadedMark(toggled('not loaded'), ROWS)).toBe('none');
    expect(loadedMark(toggled('c'), ROWS)).toBe('some');
    expect(loadedMark(toggled(...ROWS), ROWS)).toBe('all');
    expect(loadedMark(selectMatching(), ROWS)).toBe('all');
    expect(loadedMark(toggleRow(selectMatching(), 'c'), ROWS)).toBe('some');
    expect(loadedMark(selectMatching(), [])).toBe('none');
  });

  it('selects the loaded rows, and unselects only them', () => {
    const all = toggleLoaded(toggled('not loaded', 'c'), ROWS);
    expect(selected(all)).toBe('abcde');
    const none = toggleLoaded(all, ROWS);
    expect(selected(none)).toBe('');
    expect(isSelected(none, 'not loaded')).toBe(true);
  });

  it('completes all matching rows again, and clears them rather than leaving only rows that are not loaded', () => {
    const complete = toggleLoaded(toggleRow(selectMatching(), 'c'), ROWS);
    expect(complete).toMatchObject({ kind: 'matching', exceptIds: new Set() });
    expect(toggleLoaded(complete, ROWS)).toEqual(NO_SELECTION);
  });
});
