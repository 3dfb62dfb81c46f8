import { type AttributeFilter, type ComparisonFilter, type CompoundFilter, readFilter } from '@espejo/core';

export type FilterText =
  | { readonly ok: true; readonly filter: AttributeFilter | null }
  | { readonly ok: false; readonly reason: string };

/** The path of a part of a filter: its indexes in the nested lists, from the outside in. */
export type FilterPath = readonly number[];

export const OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin'] as const;

/** Parses the text of a filter; an empty text is no filter. */
export function readFilterText(text: string): FilterText {
  if (text.trim() === '') return { ok: true, filter: null };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'Not valid JSON.' };
  }
  if (json === null) return { ok: true, filter: null };
  const read = readFilter(json);
  if (read.ok) return read;
  const { path, message } = read.fault;
  return { ok: false, reason: path === '' ? message : `${path}: ${message}` };
}

/** A filter as text; no filter is an empty text. */
export function printFilter(filter: AttributeFilter | null): string {
  return filter === null ? '' : JSON.stringify(filter, null, 2);
}

export function isCompound(filter: AttributeFilter): filter is CompoundFilter {
  return filter.type === 'and' || filter.type === 'or';
}

const NEW_CONDITION: ComparisonFilter = { type: 'eq', key: 'key', value: '' };

/** The filter with one more condition in the group at a path; a single condition becomes a group of two. */
export function addCondition(filter: AttributeFilter | null, path: FilterPath): AttributeFilter {
  if (filter === null) return NEW_CONDITION;
  return replaceAt(filter, path, (part) =>
    isCompound(part)
      ? { ...part, filters: [...part.filters, NEW_CONDITION] }
      : { type: 'and', filters: [part, NEW_CONDITION] },
  );
}

/** The filter with one more group of conditions in the group at a path. */
export function addGroup(filter: AttributeFilter | null, path: FilterPath): AttributeFilter {
  const group: CompoundFilter = { type: 'or', filters: [NEW_CONDITION] };
  if (filter === null) return group;
  return replaceAt(filter, path, (part) =>
    isCompound(part) ? { ...part, filters: [...part.filters, group] } : { type: 'and', filters: [part, group] },
  );
}

/** The filter with the part at a path replaced; a path that does not exist changes nothing. */
export function replaceAt(
  filter: AttributeFilter,
  path: FilterPath,
  change: (part: AttributeFilter) => AttributeFilter,
): AttributeFilter {
  const [first, ...rest] = path;
  if (first === undefined) return change(filter);
  if (!isCompound(filter)) return filter;
  return { ...filter, filters: filter.filters.map((part, i) => (i === first ? replaceAt(part, rest, change) : part)) };
}

/** The filter without the part at a path; a group that becomes empty is removed too. */
export function removeAt(filter: AttributeFilter, path: FilterPath): AttributeFilter | null {
  const [first, ...rest] = path;
  if (first === undefined) return null;
  if (!isCompound(filter)) return filter;
  const filters = filter.filters.flatMap((part, i) => (i === first ? (removeAt(part, rest) ?? []) : part));
  return filters.length === 0 ? null : { ...filter, filters };
}

/** Parses a typed value: a number or a boolean by its notation; anything else, or a value in quotes, is text. */
export function readValue(text: string): string | number | boolean {
  const trimmed = text.trim();
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (/^".*"$/s.test(trimmed)) return trimmed.slice(1, -1);
  return text;
}

/** The text of a value: a string that would parse as another type is quoted. */
export function printValue(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return readValue(value) === value ? value : `"${value}"`;
}

/** The values of a condition as one line; lists are separated by commas. */
export function printValues(value: ComparisonFilter['value']): string {
  return typeof value === 'object' ? value.map(printValue).join(', ') : printValue(value);
}

/** A condition with another operator: `in` and `nin` have a list, the others one value. */
export function withOperator(condition: ComparisonFilter, type: ComparisonFilter['type']): ComparisonFilter {
  const { value } = condition;
  const isList = type === 'in' || type === 'nin';
  if (isList) return { ...condition, type, value: typeof value === 'object' ? value : [value] };
  return { ...condition, type, value: typeof value === 'object' ? (value[0] ?? '') : value };
}

/** A condition with its typed values. */
export function withValues(condition: ComparisonFilter, text: string): ComparisonFilter {
  if (condition.type !== 'in' && condition.type !== 'nin') return { ...condition, value: readValue(text) };
  return { ...condition, value: text.split(',').map((part) => readValue(part.trim())) };
}
