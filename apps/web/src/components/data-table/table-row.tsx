'use client';

import { cn } from '@espejo/ui/lib/utils';
import { FlexRender, type Row, type RowData } from '@tanstack/react-table';
import { memo } from 'react';
import { openRow } from './open-row.ts';
import type { ListColumns, ListFeatures } from './setup.ts';

interface TableRowProps<T extends RowData> {
  readonly row: Row<ListFeatures, T>;
  readonly index: number;
  /** The column definitions and the visible columns. */
  readonly columns: ListColumns<T>;
  readonly columnKey: string;
}

function TableRowView<T extends RowData>({ row, index }: TableRowProps<T>) {
  return (
    <tr
      onClick={openRow}
      data-index={index}
      aria-rowindex={index + 2}
      className="group/row hover:bg-accent/60 has-[[data-row-link]:focus-visible]:bg-accent/60 focus-visible:bg-accent/60 relative h-9 cursor-pointer outline-none"
    >
      {row.getVisibleCells().map((cell) => {
        const isEnd = cell.column.columnDef.meta?.align === 'end';
        return (
          <td
            key={cell.id}
            className={cn('h-9 truncate border-b px-2 py-0 first:pl-4 last:pr-4', isEnd && 'text-right tabular-nums')}
          >
            <FlexRender cell={cell} />
          </td>
        );
      })}
    </tr>
  );
}

/**
 * One row; rendered again only when its data or the columns change, not while scrolling. The row object is new at each
 * scroll step, but the same data renders the same row.
 */
export const TableRow = memo(
  TableRowView,
  (before, after) =>
    before.row.original === after.row.original &&
    before.index === after.index &&
    before.columns === after.columns &&
    before.columnKey === after.columnKey,
) as typeof TableRowView;
