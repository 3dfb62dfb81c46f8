import {
  type ColumnDef,
  columnVisibilityFeature,
  metaHelper,
  type RowData,
  tableFeatures,
} from '@tanstack/react-table';

export interface ColumnMeta {
  /** The name of the column in the chooser, and in the header by default. */
  readonly label: string;
  readonly widthPx: number;
  /** Takes the remaining width; set on one column of a table. */
  readonly isFlexible?: boolean;
  readonly align?: 'start' | 'end';
  /** The name of this order in the API; without it the column is not sortable. */
  readonly sortKey?: string;
  /** The direction of the first click: ascending for text, descending for numbers. */
  readonly firstOrder?: SortOrder;
  /** Columns of the lowest priority are dropped first when there is no room; `Infinity` is never dropped. */
  readonly priority: number;
  /** Shown only when chosen. */
  readonly isHiddenAtFirst?: boolean;
}

export type SortOrder = 'asc' | 'desc';

/** The features of every table. The API filters and sorts the rows, so the table needs no row model. */
export const listFeatures = tableFeatures({ columnVisibilityFeature, columnMeta: metaHelper<ColumnMeta>() });
export type ListFeatures = typeof listFeatures;

// biome-ignore lint/suspicious/noExplicitAny: a table's columns have values of different types, which the library spells `any`
export type ListColumns<T extends RowData> = readonly ColumnDef<ListFeatures, T, any>[];
