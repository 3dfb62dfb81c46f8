'use client';

import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { type ListPlace, readListKey } from './list-keys.ts';
import { createListPositions, returnIndex } from './list-position.ts';
import { useRowSelector } from './selection.tsx';

interface RowFocusOptions<T> {
  /** Contains the rows: elements with `data-index`, each with the `data-row-link` that opens it, if it can be opened. */
  readonly container: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly viewKey: string;
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  readonly isStaleView: boolean;
  /** Brings a row into view, which also renders it. */
  readonly scrollToIndex: (index: number) => void;
  readonly readScroll: () => { readonly scrollPx: number; readonly firstIndex: number };
}

interface RowFocusHandlers {
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onBlur: (event: FocusEvent<HTMLElement>) => void;
  readonly onClickCapture: (event: MouseEvent<HTMLElement>) => void;
}

const positions = createListPositions();

export interface ListReturn {
  /** The row that was opened. */
  readonly index: number;
  /** Where the list starts, so that the row is at the same place of the screen. */
  readonly scrollPx: number;
}

/** Where this list was when the page was left with one of its rows, if the user came back; otherwise null. */
export function useListReturn<T>(
  { label, viewKey, rows, rowId }: Pick<RowFocusOptions<T>, 'label' | 'viewKey' | 'rows' | 'rowId'>,
  rowHeightPx: number,
): ListReturn | null {
  const [returned] = useState(() => {
    const position = positions.find(historyEntryKey(), label, viewKey);
    const index = position === null ? null : returnIndex(position, rows, rowId);
    if (position === null || index === null) return null;
    return { index, scrollPx: Math.max(0, position.scrollPx + (index - position.index) * rowHeightPx) };
  });
  useEffect(() => positions.forget(historyEntryKey(), label), [label]);
  return returned;
}

/**
 * Works a virtual list by keyboard, as `readListKey` defines it. The focus is never lost with a row: when the focused row
 * is removed, the row in its place gets the focus; when it is scrolled out of what is rendered, the list gets it, and the
 * next key continues there.
 */
export function useRowFocus<T>(options: RowFocusOptions<T>, returned: ListReturn | null): RowFocusHandlers {
  const { container, label, viewKey, rows, rowId, isStaleView, scrollToIndex, readScroll } = options;
  const selector = useRowSelector();
  const hasFocus = useRef(false);
  const current = useRef<{ readonly index: number; readonly id: string } | null>(null);
  /** The row to focus once it is rendered, and what had the focus when that was asked. */
  const wanted = useRef<{ readonly index: number; readonly from: Element | null } | null>(
    returned === null ? null : { index: returned.index, from: null },
  );
  const isEntering = useRef(false);

  function rowAt(index: number): HTMLElement | null {
    return container.current?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? null;
  }
  function focusRow(index: number): boolean {
    const row = rowAt(index);
    if (row === null) return false;
    const link = row.querySelector<HTMLElement>('[data-row-link]');
    if (link === null) row.tabIndex = -1;
    (link ?? row).focus({ preventScroll: true });
    return true;
  }
  function goTo(index: number): void {
    scrollToIndex(index);
    // A row outside the rendered ones is focused when the virtual list has rendered it.
    wanted.current = focusRow(index) ? null : { index, from: document.activeElement };
  }
  function focusWanted(): void {
    if (wanted.current === null) return;
    const { index, from } = wanted.current;
    const active = document.activeElement;
    const hasGoneElsewhere = active !== from && !isNowhere(active) && !container.current?.contains(active);
    if (hasGoneElsewhere || focusRow(index)) wanted.current = null;
  }
  function keepFocus(): void {
    const list = container.current;
    if (!hasFocus.current || list === null || current.current === null || wanted.current !== null) return;
    if (!isNowhere(document.activeElement)) return;
    const { index, id } = current.current;
    if (rows.some((row) => rowId(row) === id)) {
      if (!list.hasAttribute('tabindex')) list.tabIndex = -1;
      list.focus({ preventScroll: true });
    } else if (rows.length > 0) goTo(Math.min(index, rows.length - 1));
  }
  /** The rows of the view before are still shown while the new ones load: the first new row gets the focus. */
  function enterWhenFresh(): void {
    if (!isEntering.current || isStaleView) return;
    isEntering.current = false;
    if (document.activeElement === findSearch()) goTo(0);
  }

  useLayoutEffect(() => {
    focusWanted();
    keepFocus();
    enterWhenFresh();
  });

  const onSearchKey = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.target !== findSearch()) return;
    const action = readListKey({ ...pressOf(event), place: 'search', isSelectable: selector !== null });
    if (action?.kind !== 'enter') return;
    event.preventDefault();
    isEntering.current = true;
    enterWhenFresh();
  });
  useEffect(() => {
    document.addEventListener('keydown', onSearchKey);
    return () => document.removeEventListener('keydown', onSearchKey);
  }, []);

  // The list can end with its last row: the search is still there.
  useEffect(() => {
    const path = window.location.pathname;
    return () => {
      if (!hasFocus.current || !isNowhere(document.activeElement)) return;
      if (window.location.pathname === path) findSearch()?.focus();
    };
  }, []);

  return {
    onKeyDown(event) {
      const { target } = event;
      if (event.defaultPrevented || event.nativeEvent.isComposing || !(target instanceof HTMLElement)) return;
      // An event of a dialog in a row bubbles here too, but its elements are elsewhere.
      if (!container.current?.contains(target)) return;
      const row = target.closest<HTMLElement>('[data-index]');
      const place = placeOf(target, row);
      if (place === null) return;
      const action = readListKey({ ...pressOf(event.nativeEvent), place, isSelectable: selector !== null });
      if (action === null) return;
      switch (action.kind) {
        case 'move': {
          const index = row === null ? nextFrom(action.step) : Number(row.dataset.index) + action.step;
          goTo(Math.min(rows.length - 1, Math.max(0, index)));
          break;
        }
        case 'select': {
          const selected = rows[Number(row?.dataset.index)];
          if (selected !== undefined) selector?.select(rowId(selected), action.isRange);
          break;
        }
        case 'open':
          row?.querySelector<HTMLElement>('[data-row-link]')?.click();
          break;
        case 'leave': {
          const search = findSearch();
          if (search === null) return;
          search.focus();
          break;
        }
      }
      event.preventDefault();
    },
    onFocus({ target }) {
      if (!container.current?.contains(target)) return;
      const row = target.closest<HTMLElement>('[data-index]');
      // The buttons of the header are no place of a row.
      hasFocus.current = row !== null || target === container.current;
      const index = Number(row?.dataset.index);
      const focused = row === null ? undefined : rows[index];
      if (focused !== undefined) current.current = { index, id: rowId(focused) };
    },
    onBlur({ relatedTarget }) {
      // The focus stays in the list while another window is in front.
      if (relatedTarget === null && container.current?.contains(document.activeElement)) return;
      if (!container.current?.contains(relatedTarget)) hasFocus.current = false;
    },
    onClickCapture(event) {
      const { target } = event;
      // With a modifier the link opens elsewhere.
      if (!(target instanceof Element) || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const index = Number(target.closest<HTMLElement>('[data-index]')?.dataset.index);
      const opened = rows[index];
      if (target.closest('a[href]') === null || opened === undefined) return;
      const { scrollPx } = readScroll();
      positions.remember(historyEntryKey(), label, { viewKey, rowId: rowId(opened), index, scrollPx });
    },
  };

  function nextFrom(step: 1 | -1): number {
    return current.current === null ? readScroll().firstIndex : current.current.index + step;
  }
}

/** The search that `/` focuses. */
function findSearch(): HTMLElement | null {
  return document.querySelector<HTMLElement>('main [data-search]');
}

/** No control has the focus. */
function isNowhere(active: Element | null): boolean {
  return active === null || active === document.body || active.id === 'main';
}

/** Null in a field, which takes every key. */
function placeOf(target: HTMLElement, row: HTMLElement | null): ListPlace | null {
  if (target.matches('input[type="checkbox"]')) return row === null ? null : 'checkbox';
  if (target.isContentEditable || target.matches('input, textarea, select')) return null;
  if (row === null) return target.matches('button, a') ? null : 'list';
  return target === row || target.matches('[data-row-link]') ? 'row' : 'control';
}

function pressOf(event: globalThis.KeyboardEvent) {
  return {
    key: event.key,
    isShift: event.shiftKey,
    isModified: event.ctrlKey || event.altKey || event.metaKey,
    isRepeat: event.repeat,
  };
}

/** The key of this entry of the browser's history: the same after Back. Null in a browser without it. */
function historyEntryKey(): string | null {
  return typeof window === 'undefined' || !('navigation' in window)
    ? null
    : (window.navigation.currentEntry?.key ?? null);
}
