import {
  type FileCounts,
  STORE_FIELDS,
  type StoreField,
  type StoreFieldValues,
  type StoreSnapshot,
  type UpstreamValues,
} from '@espejo/core';
import { malformed } from './malformed.ts';
import {
  checkObjectType,
  isJsonObject,
  keepExtra,
  optionalInteger,
  optionalObject,
  optionalText,
  requiredId,
  requiredInteger,
  requiredText,
} from './parse-fields.ts';

const READERS: { readonly [K in keyof UpstreamValues]: (value: unknown, key: string) => UpstreamValues[K] } = {
  text: requiredText,
  optionalText,
  integer: requiredInteger,
  optionalInteger,
  optionalObject,
  fileCounts: parseFileCounts,
};

const FIELDS = Object.entries(STORE_FIELDS).map(([name, { key, kind }]) => ({ name, key, read: READERS[kind] }));
const KNOWN_KEYS: ReadonlySet<string> = new Set(['id', 'object', ...FIELDS.map(({ key }) => key)]);

/** Reads one row of `GET /vector_stores`; throws `malformed` when a required field is missing or of another type. */
export function parseStore(row: unknown): StoreSnapshot {
  if (!isJsonObject(row)) throw malformed('a row is not an object');
  checkObjectType(row.object, 'vector_store');
  const id = requiredId(row.id);
  let extra: Record<string, unknown> | null = null;
  for (const key in row) {
    if (!KNOWN_KEYS.has(key)) extra = keepExtra(extra, key, row[key]);
  }
  const values: Partial<Record<StoreField, unknown>> = {};
  for (const { name, key, read } of FIELDS) values[name as StoreField] = read(row[key], key);
  // Each reader returns the value of its field's kind.
  return { id, ...(values as StoreFieldValues), extra };
}

/** The five counts, no more: an unknown count has no place in the snapshot. */
function parseFileCounts(value: unknown): FileCounts {
  if (!isJsonObject(value)) throw malformed('a row has no "file_counts"');
  return {
    in_progress: requiredInteger(value.in_progress, 'file_counts.in_progress'),
    completed: requiredInteger(value.completed, 'file_counts.completed'),
    failed: requiredInteger(value.failed, 'file_counts.failed'),
    cancelled: requiredInteger(value.cancelled, 'file_counts.cancelled'),
    total: requiredInteger(value.total, 'file_counts.total'),
  };
}
