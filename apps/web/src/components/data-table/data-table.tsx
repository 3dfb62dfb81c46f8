'use client';

import type { RowData } from '@tanstack/react-table';
import { useIsNarrow } from '#lib/hooks/use-media.ts';
import { CardList } from './card-list.tsx';
import type { DataTableProps } from './data-table-props.ts';
import { TableGrid } from './table-grid.tsx';

/** A virtual list of any length: a table, or cards on narrow screens. */
export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const isNarrow = useIsNarrow();
  return isNarrow ? <CardList key={props.viewKey} {...props} /> : <TableGrid key={props.viewKey} {...props} />;
}
