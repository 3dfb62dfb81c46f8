'use client';

import { cn } from '@espejo/ui/lib/utils';
import type { RowData } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { usePageScroller } from '#lib/hooks/use-page-scroller.ts';
import type { DataTableProps } from './data-table-props.ts';
import { ListEnd } from './list-end.tsx';
import { openRow } from './open-row.ts';
import { useListReturn, useRowFocus } from './use-row-focus.ts';

const OVERSCAN = 6;
const LOAD_AHEAD = 10;

/** The list as cards that scroll with the page. */
export function CardList<T extends RowData>({
  label,
  noun,
  nouns,
  list,
  rowId,
  renderCard,
  cardHeightPx,
  viewKey,
}: DataTableProps<T>) {
  const body = useRef<HTMLUListElement>(null);
  const page = usePageScroller(body);
  const returned = useListReturn({ label, viewKey, rows: list.rows, rowId }, cardHeightPx);
  const virtualizer = useVirtualizer({
    count: list.rows.length,
    getScrollElement: () => page.element,
    estimateSize: () => cardHeightPx,
    overscan: OVERSCAN,
    scrollMargin: page.topPx,
    initialOffset: returned?.scrollPx ?? 0,
  });
  const handlers = useRowFocus(
    {
      container: body,
      label,
      viewKey,
      rows: list.rows,
      rowId,
      isStaleView: list.isStaleView,
      scrollToIndex: (index) => virtualizer.scrollToIndex(index),
      readScroll: () => {
        const scrollPx = page.element?.scrollTop ?? 0;
        return { scrollPx, firstIndex: Math.max(0, Math.floor((scrollPx - page.topPx) / cardHeightPx)) };
      },
    },
    returned,
  );
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  const { hasMore, isLoadingMore, hasFailedMore, loadMore } = list;

  useEffect(() => {
    if (hasMore && !isLoadingMore && !hasFailedMore && lastIndex >= list.rows.length - LOAD_AHEAD) loadMore();
  }, [hasMore, isLoadingMore, hasFailedMore, loadMore, lastIndex, list.rows.length]);

  return (
    <div className={cn('transition-opacity', list.isStaleView && 'opacity-50')} aria-busy={list.isStaleView}>
      <ul
        ref={body}
        aria-label={label}
        {...handlers}
        className="relative outline-none"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map((item) => {
          const row = list.rows[item.index];
          if (row === undefined) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard uses the link in the card; this only enlarges its touch area
            <li
              key={rowId(row)}
              onClick={openRow}
              data-index={item.index}
              aria-setsize={list.total ?? -1}
              aria-posinset={item.index + 1}
              className="focus-visible:bg-accent/60 absolute inset-x-0 outline-none top-0 border-b"
              style={{ height: item.size, transform: `translateY(${item.start - page.topPx}px)` }}
            >
              {renderCard(row)}
            </li>
          );
        })}
      </ul>
      <ListEnd list={list} noun={noun} nouns={nouns} />
    </div>
  );
}
