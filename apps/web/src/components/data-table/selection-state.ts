/**
 * What is selected in a list: rows by id, which stay selected while others are loaded or scrolled out of view, or every
 * row that matches the view, loaded or not, but for `exceptIds`. Pure: the page keeps the state.
 */
export type SelectionState = Selected & {
  /** The row that was selected or unselected last: a range starts there. */
  readonly anchorId: string | null;
};

type Selected =
  | { readonly kind: 'ids'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'matching'; readonly exceptIds: ReadonlySet<string> };

export const NO_SELECTION: SelectionState = { kind: 'ids', ids: new Set(), anchorId: null };

export function isSelected(state: SelectionState, id: string): boolean {
  return state.kind === 'matching' ? !state.exceptIds.has(id) : state.ids.has(id);
}

export function toggleRow(state: SelectionState, id: string): SelectionState {
  return { ...withRows(state, [id], !isSelected(state, id)), anchorId: id };
}

/**
 * Gives every row between the anchor and `id` the state of the anchor, whatever they had: after a row was unselected, a
 * range unselects. Without an anchor in the list, or at the anchor, only the one row changes.
 */
export function selectRange(state: SelectionState, rowIds: readonly string[], id: string): SelectionState {
  const from = state.anchorId === null ? -1 : rowIds.indexOf(state.anchorId);
  const to = rowIds.indexOf(id);
  if (state.anchorId === null || from === -1 || to === -1 || from === to) return toggleRow(state, id);
  const range = rowIds.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ...withRows(state, range, isSelected(state, state.anchorId)), anchorId: id };
}

/** Every row that matches the view. */
export function selectMatching(): SelectionState {
  return { kind: 'matching', exceptIds: new Set(), anchorId: null };
}

/** How many of the loaded rows are selected, for the checkbox of the header. */
export function loadedMark(state: SelectionState, rowIds: Iterable<string>): 'none' | 'some' | 'all' {
  if (state.kind === 'ids' && state.ids.size === 0) return 'none';
  let hasSelected = false;
  let hasOther = false;
  for (const id of rowIds) {
    if (isSelected(state, id)) hasSelected = true;
    else hasOther = true;
    if (hasSelected && hasOther) return 'some';
  }
  return hasSelected ? 'all' : 'none';
}

/**
 * Selects every loaded row, or unselects them when all are selected. Unselecting the loaded rows of "all matching" clears
 * the selection: it must not leave the rows that no one has seen.
 */
export function toggleLoaded(state: SelectionState, rowIds: readonly string[]): SelectionState {
  const isAll = loadedMark(state, rowIds) === 'all';
  if (isAll && state.kind === 'matching') return NO_SELECTION;
  return { ...withRows(state, rowIds, !isAll), anchorId: null };
}

/** The number of selected rows; `total` is the number that match the view. */
export function countSelected(state: SelectionState, total: number): number {
  return state.kind === 'matching' ? Math.max(0, total - state.exceptIds.size) : state.ids.size;
}

function withRows(state: SelectionState, rowIds: readonly string[], isOn: boolean): Selected {
  if (state.kind === 'ids') return { kind: 'ids', ids: withIds(state.ids, rowIds, isOn) };
  return { kind: 'matching', exceptIds: withIds(state.exceptIds, rowIds, !isOn) };
}

function withIds(ids: ReadonlySet<string>, changed: readonly string[], isIn: boolean): ReadonlySet<string> {
  const after = new Set(ids);
  for (const id of changed) {
    if (isIn) after.add(id);
    else after.delete(id);
  }
  return after;
}
