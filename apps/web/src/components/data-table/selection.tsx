'use client';

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

/**
 * The selection of a list: single rows, which stay selected while others are loaded or scrolled out of view, or every
 * row that matches the view, including rows that are not loaded.
 */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly isAllMatching: boolean;
  isSelected(id: string): boolean;
  toggle(id: string): void;
  selectAllMatching(): void;
  clear(): void;
}

const Context = createContext<Selection | null>(null);

export function useSelectionState(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [isAllMatching, setIsAllMatching] = useState(false);
  const clear = useCallback(() => {
    setIds(new Set());
    setIsAllMatching(false);
  }, []);
  return useMemo(
    () => ({
      ids,
      isAllMatching,
      isSelected: (id) => isAllMatching || ids.has(id),
      toggle(id) {
        // Unselecting one row of "all matching" returns to a selection by id.
        if (isAllMatching) return clear();
        setIds((before) => {
          const after = new Set(before);
          if (!after.delete(id)) after.add(id);
          return after;
        });
      },
      selectAllMatching: () => setIsAllMatching(true),
      clear,
    }),
    [ids, isAllMatching, clear],
  );
}

export function SelectionProvider({ selection, children }: { selection: Selection; children: ReactNode }) {
  return <Context value={selection}>{children}</Context>;
}

/** The checkbox of one row; renders nothing outside a selection. */
export function RowCheckbox({ id, label }: { id: string; label: string }) {
  const selection = useContext(Context);
  if (selection === null) return null;
  return (
    <input
      type="checkbox"
      aria-label={`Select ${label}`}
      checked={selection.isSelected(id)}
      onChange={() => selection.toggle(id)}
      className="accent-brand relative z-10 block size-4"
    />
  );
}
