import {
  type ColumnDef,
  columnVisibilityFeature,
  metaHelper,
  type RowData,
  tableFeatures,
} from '@tanstack/react-table';

export interface ColumnMeta {
  /** The column's name in the chooser, and in the header unless that says otherwise. */
  readonly label: string;
  readonly widthPx: number;
  /** Takes what width is left over; one column of a table does. */
  readonly isFlexible?: boolean;
  readonly align?: 'start' | 'end';
  /** The API's name of this order; without it the column cannot be sorted by. */
  readonly sortKey?: string;
  /** The direction of the first click: text starts ascending, figures descending. */
  readonly firstOrder?: SortOrder;
  /** Columns with the lowest go first when there is no room; `Infinity` always stays. */
  readonly priority: number;
  /** Hidden until chosen. */
  readonly isHiddenAtFirst?: boolean;
}

export type SortOrder = 'asc' | 'desc';

/** What every table of the console is built with. Rows come filtered and sorted from the API, so no row model is. */
export const listFeatures = tableFeatures({ columnVisibilityFeature, columnMeta: metaHelper<ColumnMeta>() });
export type ListFeatures = typeof listFeatures;

// biome-ignore lint/suspicious/noExplicitAny: a table's columns have values of different types, which the library spells `any`
export type ListColumns<T extends RowData> = readonly ColumnDef<ListFeatures, T, any>[];
