'use client';

import { cn } from '@espejo/ui/lib/utils';
import { FlexRender, type RowData, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useElementWidth } from '#lib/hooks/use-element-width.ts';
import type { DataTableProps } from './data-table-props.ts';

import { fitColumns } from './fit-columns.ts';
import { HeaderCell } from './header-cell.tsx';
import { ListEnd } from './list-end.tsx';
import { type ListColumns, listFeatures } from './setup.ts';
import { TableRow } from './table-row.tsx';
import { firstColumns } from './use-columns.ts';
import { useListReturn, useRowFocus } from './use-row-focus.ts';

const ROW_HEIGHT_PX = 36;
const OVERSCAN = 12;
const LOAD_AHEAD = 40;
const ALWAYS = Number.POSITIVE_INFINITY;
const SORTED_PRIORITY = 1000;

/** The list as a table with its own scroll area: fixed row height, sticky header, only visible rows in the DOM. */
export function TableGrid<T extends RowData>({
  label,
  noun,
  nouns,
  list,
  columns,
  rowId,
  choice,
  sort,
  onSortChange,
  viewKey,
}: DataTableProps<T>) {
  const scroller = useRef<HTMLElement>(null);
  const widthPx = useElementWidth(scroller);

  const sortKey = sort?.key;
  const chosen = choice?.chosen ?? null;
  const reportFit = choice?.reportFit;
  const shown = useMemo(() => chosen ?? columnsThatFit(columns, widthPx, sortKey), [columns, chosen, widthPx, sortKey]);
  const visibility = useMemo(
    () => Object.fromEntries(columns.map(({ id, meta }) => [id, meta?.priority === ALWAYS || shown.has(id ?? '')])),
    [columns, shown],
  );
  useEffect(() => {
    if (chosen === null && widthPx > 0) reportFit?.(shown);
  }, [chosen, widthPx, shown, reportFit]);

  const shownBefore = useRef(shown);
  useEffect(() => {
    const added = [...shown].find((id) => !shownBefore.current.has(id));
    shownBefore.current = shown;
    // A table of chosen columns can be wider than the screen: the one just chosen must be seen.
    if (chosen !== null && added !== undefined && scroller.current !== null) showColumn(scroller.current, added);
  }, [chosen, shown]);

  const rowCount = list.rows.length;
  const returned = useListReturn({ label, viewKey, rows: list.rows, rowId }, ROW_HEIGHT_PX);
  const virtualizer = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: OVERSCAN,
    scrollPaddingStart: ROW_HEIGHT_PX,
    initialOffset: returned?.scrollPx ?? 0,
  });
  const items = virtualizer.getVirtualItems();
  const firstIndex = items[0]?.index ?? 0;
  const lastIndex = items.at(-1)?.index ?? -1;
  const firstPx = items[0]?.start ?? 0;
  const belowPx = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);

  // The table gets only the visible rows: a row model of all of them would be rebuilt with every page.
  const window = useMemo(() => list.rows.slice(firstIndex, lastIndex + 1), [list.rows, firstIndex, lastIndex]);
  const table = useTable({
    features: listFeatures,
    columns,
    data: window,
    getRowId: rowId,
    state: { columnVisibility: visibility },
  });
  const leaves = table.getVisibleLeafColumns();
  const { hasMore, isLoadingMore, hasFailedMore, loadMore } = list;

  useEffect(() => {
    if (hasMore && !isLoadingMore && !hasFailedMore && lastIndex >= rowCount - LOAD_AHEAD) loadMore();
  }, [hasMore, isLoadingMore, hasFailedMore, loadMore, lastIndex, rowCount]);

  const handlers = useRowFocus(
    {
      container: scroller,
      label,
      viewKey,
      rows: list.rows,
      rowId,
      isStaleView: list.isStaleView,
      scrollToIndex: (index) => virtualizer.scrollToIndex(index),
      readScroll: () => {
        const scrollPx = scroller.current?.scrollTop ?? 0;
        return { scrollPx, firstIndex: Math.floor(scrollPx / ROW_HEIGHT_PX) };
      },
    },
    returned,
  );

  const columnKey = leaves.map((column) => column.id).join();
  const minWidthPx = leaves.reduce((sum, column) => sum + (column.columnDef.meta?.widthPx ?? 0), 0);
  return (
    <section
      ref={scroller}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      {...handlers}
      className="focus-visible:ring-ring/60 relative min-h-80 flex-1 overflow-auto outline-none [contain:strict] focus-visible:ring-2 focus-visible:ring-inset"
    >
      <table
        aria-label={label}
        aria-rowcount={(list.total ?? rowCount) + 1}
        aria-busy={list.isStaleView}
        className={cn(
          'w-full table-fixed border-separate border-spacing-0 transition-opacity',
          list.isStaleView && 'opacity-50',
        )}
        style={{ minWidth: minWidthPx }}
      >
        <colgroup>
          {leaves.map((column) => (
            <col
              key={column.id}
              style={column.columnDef.meta?.isFlexible ? undefined : { width: column.columnDef.meta?.widthPx }}
            />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => (
                <HeaderCell
                  key={header.id}
                  id={header.column.id}
                  meta={header.column.columnDef.meta}
                  sort={sort}
                  onSortChange={onSortChange}
                >
                  <FlexRender header={header} />
                </HeaderCell>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          <Spacer heightPx={firstPx} />
          {table.getRowModel().rows.map((row, offset) => (
            <TableRow key={row.id} row={row} index={firstIndex + offset} columns={columns} columnKey={columnKey} />
          ))}
          <Spacer heightPx={belowPx} />
        </tbody>
      </table>
      <div className="sticky left-0" style={{ width: widthPx || undefined }}>
        <ListEnd list={list} noun={noun} nouns={nouns} />
      </div>
    </section>
  );
}

/** The columns that fit; the sorted column is kept before all others that may be dropped. */
function columnsThatFit<T extends RowData>(
  columns: ListColumns<T>,
  widthPx: number,
  sortKey: string | undefined,
): Set<string> {
  const first = new Set(firstColumns(columns));
  const candidates = columns.flatMap(({ id, meta }) => {
    if (!id || !meta || !first.has(id)) return [];
    const isSortedBy = sortKey !== undefined && meta.sortKey === sortKey;
    const priority = isSortedBy ? Math.max(meta.priority, SORTED_PRIORITY) : meta.priority;
    return [{ id, meta: { widthPx: meta.widthPx, priority } }];
  });
  // Every column is rendered until the width is known, so that no column appears after the first paint.
  return fitColumns(candidates, widthPx === 0 ? Number.POSITIVE_INFINITY : widthPx);
}

/** Scrolls sideways, as little as needed, until a column is in view. */
function showColumn(scroller: HTMLElement, id: string): void {
  const header = scroller.querySelector<HTMLElement>(`th[data-column="${id}"]`);
  if (header === null) return;
  const rightPx = header.offsetLeft + header.offsetWidth;
  if (header.offsetLeft < scroller.scrollLeft) scroller.scrollLeft = header.offsetLeft;
  else if (rightPx > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = rightPx - scroller.clientWidth;
}

/** A spacer for the rows outside the view. */
function Spacer({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: an empty row that only keeps the scroll height is not a row for assistive technology
  return <tr role="presentation" style={{ height: heightPx }} />;
}
