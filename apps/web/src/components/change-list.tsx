'use client';

import type { StoreHistoryEntry } from '@espejo/contracts';
import { cn } from '@espejo/ui/lib/utils';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { InfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { useIsNarrow } from '#lib/hooks/use-media.ts';
import { usePageScroller } from '#lib/hooks/use-page-scroller.ts';
import { ChangeEntry } from './change-entry.tsx';
import { ListEnd } from './data-table/list-end.tsx';

const ROW_HEIGHT_PX = 40;
const OVERSCAN = 10;
const LOAD_AHEAD = 20;

interface ChangeListProps<T extends StoreHistoryEntry> {
  readonly label: string;
  readonly noun: string;
  readonly nouns: string;
  readonly list: InfiniteRows<T>;
  /** The subject of a change: a store in a run's list, a run in a store's history. */
  readonly renderSubject: (entry: T) => ReactNode;
  readonly className?: string;
}

/** Changes as a diff with entries that open: virtual, with a measured height for each entry. */
export function ChangeList<T extends StoreHistoryEntry>({
  label,
  noun,
  nouns,
  list,
  renderSubject,
  className,
}: ChangeListProps<T>) {
  const scroller = useRef<HTMLElement>(null);
  const body = useRef<HTMLUListElement>(null);
  const isNarrow = useIsNarrow();
  const page = usePageScroller(body);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const virtualizer = useVirtualizer({
    count: list.rows.length,
    getScrollElement: () => (isNarrow ? page.element : scroller.current),
    estimateSize: () => ROW_HEIGHT_PX,
    getItemKey: (index) => list.rows[index]?.id ?? index,
    overscan: OVERSCAN,
    scrollMargin: isNarrow ? page.topPx : 0,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  const { hasMore, isLoadingMore, hasFailedMore, loadMore } = list;

  useEffect(() => {
    if (hasMore && !isLoadingMore && !hasFailedMore && lastIndex >= list.rows.length - LOAD_AHEAD) loadMore();
  }, [hasMore, isLoadingMore, hasFailedMore, loadMore, lastIndex, list.rows.length]);

  function toggle(id: string): void {
    setOpened((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }

  return (
    <section
      ref={scroller}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className={cn(
        'focus-visible:ring-ring/60 outline-none md:min-h-80 md:flex-1 md:overflow-auto focus-visible:ring-2 focus-visible:ring-inset',
        className,
      )}
    >
      <ul
        ref={body}
        aria-label={label}
        aria-busy={list.isStaleView}
        className={cn('relative transition-opacity', list.isStaleView && 'opacity-50')}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map((item) => {
          const entry = list.rows[item.index];
          if (entry === undefined) return null;
          return (
            <li
              key={entry.id}
              ref={virtualizer.measureElement}
              data-index={item.index}
              aria-setsize={list.total ?? -1}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 top-0 border-b"
              style={{ transform: `translateY(${item.start - virtualizer.options.scrollMargin}px)` }}
            >
              <ChangeEntry
                entry={entry}
                isOpen={opened.has(entry.id)}
                onToggle={() => toggle(entry.id)}
                subject={renderSubject(entry)}
              />
            </li>
          );
        })}
      </ul>
      <ListEnd list={list} noun={noun} nouns={nouns} />
    </section>
  );
}
