/** Where a list was when one of its rows was opened. */
export interface ListPosition {
  readonly viewKey: string;
  readonly rowId: string;
  readonly index: number;
  readonly scrollPx: number;
}

const POSITIONS_MAX = 50;

export interface ListPositions {
  remember(entryKey: string | null, label: string, position: ListPosition): void;
  /** The position of a list in this entry of the history; null when it shows another view. */
  find(entryKey: string | null, label: string, viewKey: string): ListPosition | null;
  forget(entryKey: string | null, label: string): void;
}

/**
 * The positions of lists by entry of the browser's history: Back returns to the entry, and so to the position, while a
 * link to the same list is a new entry and starts at the top.
 */
export function createListPositions(): ListPositions {
  const positions = new Map<string, ListPosition>();
  const keyOf = (entryKey: string, label: string) => `${entryKey} ${label}`;
  return {
    remember(entryKey, label, position) {
      if (entryKey === null) return;
      const key = keyOf(entryKey, label);
      positions.delete(key);
      positions.set(key, position);
      const [oldest] = positions.keys();
      if (positions.size > POSITIONS_MAX && oldest !== undefined) positions.delete(oldest);
    },
    find(entryKey, label, viewKey) {
      const position = entryKey === null ? undefined : positions.get(keyOf(entryKey, label));
      return position?.viewKey === viewKey ? position : null;
    },
    forget(entryKey, label) {
      if (entryKey !== null) positions.delete(keyOf(entryKey, label));
    },
  };
}

/** The index of the remembered row, or of the row in its place when it is gone; null when the list is shorter. */
export function returnIndex<T>(position: ListPosition, rows: readonly T[], rowId: (row: T) => string): number | null {
  const found = rows.findIndex((row) => rowId(row) === position.rowId);
  if (found !== -1) return found;
  return position.index < rows.length ? position.index : rows.length === 0 ? null : rows.length - 1;
}
