'use client';

import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import {
  isSelected,
  loadedMark,
  NO_SELECTION,
  type SelectionState,
  selectMatching,
  selectRange,
  toggleLoaded,
  toggleRow,
} from './selection-state.ts';

/** The selection of a list and what changes it. */
export interface Selection {
  readonly state: SelectionState;
  toggle(id: string): void;
  /** Selects from the row that was selected last to this one, in the order of the list. */
  selectRange(rowIds: readonly string[], id: string): void;
  toggleLoaded(rowIds: readonly string[]): void;
  selectAllMatching(): void;
  clear(): void;
}

export function useSelectionState(): Selection {
  const [state, setState] = useState(NO_SELECTION);
  return useMemo(
    () => ({
      state,
      toggle: (id) => setState((before) => toggleRow(before, id)),
      selectRange: (rowIds, id) => setState((before) => selectRange(before, rowIds, id)),
      toggleLoaded: (rowIds) => setState((before) => toggleLoaded(before, rowIds)),
      selectAllMatching: () => setState(selectMatching()),
      clear: () => setState(NO_SELECTION),
    }),
    [state],
  );
}

interface ListSelection {
  readonly selection: Selection;
  readonly nouns: string;
  /** The ids of the loaded rows, in the order of the list. */
  readonly readRowIds: () => readonly string[];
}

const Context = createContext<ListSelection | null>(null);

interface SelectionProviderProps<T> {
  readonly selection: Selection;
  readonly nouns: string;
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  readonly children: ReactNode;
}

/** Gives the rows of a list their checkboxes. */
export function SelectionProvider<T>({ selection, nouns, rows, rowId, children }: SelectionProviderProps<T>) {
  // The ids are read when they are needed: a list of a hundred thousand rows would else be copied for each page.
  const value = useMemo(
    () => ({ selection, nouns, readRowIds: () => rows.map(rowId) }),
    [selection, nouns, rows, rowId],
  );
  return <Context value={value}>{children}</Context>;
}

export interface RowSelector {
  select(id: string, isRange: boolean): void;
}

/** Selects rows of the list around; null where rows have no checkbox. */
export function useRowSelector(): RowSelector | null {
  const list = use(Context);
  return useMemo(() => {
    if (list === null) return null;
    const { selection, readRowIds } = list;
    return { select: (id, isRange) => (isRange ? selection.selectRange(readRowIds(), id) : selection.toggle(id)) };
  }, [list]);
}

/** The checkbox of one row; with Shift it selects a range. Renders nothing outside a selection. */
export function RowCheckbox({ id, label }: { id: string; label: string }) {
  const list = use(Context);
  const selector = useRowSelector();
  if (list === null || selector === null) return null;
  return (
    <input
      type="checkbox"
      aria-label={`Select ${label}`}
      checked={isSelected(list.selection.state, id)}
      // The change of a checkbox comes with its click, which tells whether Shift was held.
      onChange={({ nativeEvent }) => selector.select(id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
      className="accent-brand relative z-10 block size-4 shrink-0"
    />
  );
}

/** The checkbox of the header: none, some or all of the loaded rows. */
export function LoadedRowsCheckbox() {
  const list = use(Context);
  const mark = useMemo(() => (list === null ? 'none' : loadedMark(list.selection.state, list.readRowIds())), [list]);
  if (list === null) return <span className="sr-only">Select</span>;
  return (
    <input
      ref={(input) => {
        if (input !== null) input.indeterminate = mark === 'some';
      }}
      type="checkbox"
      aria-label={`Select all loaded ${list.nouns}`}
      checked={mark === 'all'}
      onChange={() => list.selection.toggleLoaded(list.readRowIds())}
      className="accent-brand block size-4"
    />
  );
}
