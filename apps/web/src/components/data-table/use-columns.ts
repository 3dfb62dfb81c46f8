'use client';

import type { RowData } from '@tanstack/react-table';
import { parseAsArrayOf, parseAsString, useQueryState } from 'nuqs';
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { ListColumns } from './setup.ts';

const parser = parseAsArrayOf(parseAsString).withOptions({ history: 'replace' });
const CHANGED = 'espejo-columns';

export interface ColumnChoice {
  /** The ids of the chosen columns; null without a choice: the table then shows those that fit. */
  readonly chosen: ReadonlySet<string> | null;
  /** The ids of the columns that the table shows now. */
  readonly shown: ReadonlySet<string>;
  /** The table tells which columns it shows without a choice. */
  readonly reportFit: (ids: ReadonlySet<string>) => void;
  readonly setShown: (id: string, isShown: boolean) => void;
  readonly reset: () => void;
}

/**
 * The chosen columns, kept in the URL (so that a shared link shows the same) and in the browser. The URL takes
 * precedence; unknown ids in it are dropped.
 */
export function useColumnChoice<T extends RowData>(tableId: string, columns: ListColumns<T>): ColumnChoice {
  const [inUrl, setInUrl] = useQueryState('cols', parser);
  const storageKey = `espejo-cols-${tableId}`;
  const stored = useStored(storageKey);
  const ids = useMemo(() => columns.map((column) => column.id ?? ''), [columns]);

  const chosen = useMemo(() => {
    const wanted = inUrl ?? (stored === null ? null : stored.split(','));
    const known = wanted?.filter((id) => ids.includes(id)) ?? [];
    return known.length === 0 ? null : new Set(known);
  }, [inUrl, stored, ids]);

  const write = useCallback(
    (next: readonly string[] | null) => {
      try {
        if (next === null) localStorage.removeItem(storageKey);
        else localStorage.setItem(storageKey, next.join(','));
      } catch {
        // Without browser storage the choice is kept only in the URL.
      }
      window.dispatchEvent(new Event(CHANGED));
      void setInUrl(next === null ? null : [...next]);
    },
    [setInUrl, storageKey],
  );

  const [fitting, setFitting] = useState<ReadonlySet<string> | null>(null);
  const reportFit = useCallback(
    (fit: ReadonlySet<string>) => setFitting((before) => (before !== null && isSameSet(before, fit) ? before : fit)),
    [],
  );
  const shown = useMemo(() => chosen ?? fitting ?? new Set(firstColumns(columns)), [chosen, fitting, columns]);
  const setShown = useCallback(
    (id: string, isShown: boolean) => write(ids.filter((one) => (one === id ? isShown : shown.has(one)))),
    [shown, ids, write],
  );

  return { chosen, shown, reportFit, setShown, reset: useCallback(() => write(null), [write]) };
}

/** The ids of the columns that are shown by default. */
export function firstColumns<T extends RowData>(columns: ListColumns<T>): string[] {
  return columns.filter((column) => !column.meta?.isHiddenAtFirst).map((column) => column.id ?? '');
}

function isSameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((id) => right.has(id));
}

function useStored(key: string): string | null {
  return useSyncExternalStore(
    subscribe,
    () => readStored(key),
    () => null,
  );
}

function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  window.addEventListener('storage', listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener('storage', listener);
  };
}
