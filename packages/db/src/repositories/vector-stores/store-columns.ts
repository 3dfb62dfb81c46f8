import { type JsonObject, STORE_FIELD_NAMES, type StoreField, type StoreFieldValues } from '@espejo/core';
import { fromJson, toJson } from '../../json.ts';
import { vectorStore } from '../../schema/index.ts';

export type VectorStoreRow = typeof vectorStore.$inferSelect;
type Binding = string | number | null;

/** The columns of one field of a store, how it is written to them and how it is read from a row. */
interface FieldColumns<Value> {
  readonly columns: readonly (keyof VectorStoreRow)[];
  write(value: Value): readonly Binding[];
  read(row: VectorStoreRow): Value;
}

const STORE_COLUMNS: { readonly [F in StoreField]: FieldColumns<StoreFieldValues[F]> } = {
  name: plain('name'),
  description: plain('description'),
  status: plain('status'),
  fileCounts: {
    columns: ['filesInProgress', 'filesCompleted', 'filesFailed', 'filesCancelled', 'filesTotal'],
    write: (counts) => [counts.in_progress, counts.completed, counts.failed, counts.cancelled, counts.total],
    read: (row) => ({
      in_progress: row.filesInProgress,
      completed: row.filesCompleted,
      failed: row.filesFailed,
      cancelled: row.filesCancelled,
      total: row.filesTotal,
    }),
  },
  usageBytes: plain('usageBytes'),
  metadata: json('metadata'),
  expiresAfter: json('expiresAfter'),
  expiresAt: plain('expiresAtS'),
  lastActiveAt: plain('lastActiveAtS'),
  createdAt: plain('createdAtS'),
};

/** Database names of the columns of all fields, in the order of `toStoreBindings`. */
export const STORE_COLUMN_NAMES: readonly string[] = STORE_FIELD_NAMES.flatMap((field) =>
  STORE_COLUMNS[field].columns.map((column) => vectorStore[column].name),
);

/** The values for `STORE_COLUMN_NAMES`. */
export function toStoreBindings(values: StoreFieldValues): readonly Binding[] {
  return STORE_FIELD_NAMES.flatMap((field) => bindingsOf(field, values));
}

const READERS = STORE_FIELD_NAMES.map((field) => ({ field, read: STORE_COLUMNS[field].read }));

/** The fields of a row. Called for every row of a list, so it makes no object but the result. */
export function fromStoreRow(row: VectorStoreRow): StoreFieldValues {
  const values: Partial<Record<StoreField, unknown>> = {};
  for (const { field, read } of READERS) values[field] = read(row);
  // Each field is read by its own entry of the table.
  return values as StoreFieldValues;
}

function bindingsOf<F extends StoreField>(field: F, values: StoreFieldValues): readonly Binding[] {
  const columns: FieldColumns<StoreFieldValues[F]> = STORE_COLUMNS[field];
  return columns.write(values[field]);
}

function plain<C extends keyof VectorStoreRow>(column: C) {
  return {
    columns: [column],
    write: (value: VectorStoreRow[C] & Binding): readonly Binding[] => [value],
    read: (row: VectorStoreRow): VectorStoreRow[C] => row[column],
  };
}

function json(column: 'metadata' | 'expiresAfter'): FieldColumns<JsonObject | null> {
  return { columns: [column], write: (value) => [toJson(value)], read: (row) => fromJson(row[column]) };
}
