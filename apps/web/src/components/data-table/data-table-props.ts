import type { RowData } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import type { InfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import type { ListColumns, SortOrder } from './setup.ts';
import type { ColumnChoice } from './use-columns.ts';

export interface DataTableProps<T extends RowData> {
  /** The table's accessible name. */
  readonly label: string;
  readonly noun: string;
  readonly nouns: string;
  readonly list: InfiniteRows<T>;
  readonly columns: ListColumns<T>;
  readonly rowId: (row: T) => string;
  /** Which columns are chosen; without a choice the table shows those that fit. */
  readonly choice?: Pick<ColumnChoice, 'chosen' | 'reportFit'>;
  readonly sort?: { readonly key: string; readonly order: SortOrder };
  readonly onSortChange?: (key: string, order: SortOrder) => void;
  /** A row as a card, for narrow screens. */
  readonly renderCard: (row: T) => ReactNode;
  readonly cardHeightPx: number;
  /** Changes with the view; the list then scrolls back to its top. */
  readonly viewKey: string;
}
