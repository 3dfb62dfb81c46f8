import type { AttributeFilter, AttributeValue, ComparisonFilter } from './attribute-filter.ts';

/** The limits of a filter: enough for any real use, too little to exhaust a stack. */
export const FILTER_LIMITS = { depth: 16, parts: 256, values: 1000 } as const;

export interface FilterFault {
  /** The place, as `filters[0].value`; empty: the filter itself. */
  readonly path: string;
  /** A sentence for the person who wrote the filter. */
  readonly message: string;
  /** The value at the path is missing. */
  readonly isMissing: boolean;
}

export type ReadFilter =
  | { readonly ok: true; readonly filter: AttributeFilter }
  | { readonly ok: false; readonly fault: FilterFault };

const COMPARISONS: readonly ComparisonFilter['type'][] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin'];
const TYPES = [...COMPARISONS, 'and', 'or'].map((type) => `'${type}'`).join(', ');

class Fault extends Error {
  readonly fault: FilterFault;
  constructor(path: string, message: string, isMissing = false) {
    super(message);
    this.fault = { path, message, isMissing };
  }
}

/** Reads a filter from JSON of any origin: returns the filter without unknown fields, or its first error. */
export function readFilter(input: unknown): ReadFilter {
  try {
    return { ok: true, filter: readPart(input, '', 1, { parts: 0, values: 0 }) };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault };
    throw error;
  }
}

function readPart(
  input: unknown,
  path: string,
  depth: number,
  seen: { parts: number; values: number },
): AttributeFilter {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new Fault(path, 'A filter is an object.');
  }
  seen.parts += 1;
  if (seen.parts > FILTER_LIMITS.parts) throw new Fault(path, `A filter has ${FILTER_LIMITS.parts} parts at most.`);
  if (depth > FILTER_LIMITS.depth) throw new Fault(path, `Filters nest ${FILTER_LIMITS.depth} deep at most.`);
  const type = own(input, 'type');
  if (type === 'and' || type === 'or') {
    refuseOthers(input, ['type', 'filters'], path);
    const filters = own(input, 'filters');
    if (!Array.isArray(filters)) {
      throw new Fault(at(path, 'filters'), `'${type}' needs a list of filters.`, filters === undefined);
    }
    return {
      type,
      filters: filters.map((part: unknown, index) =>
        readPart(part, `${at(path, 'filters')}[${index}]`, depth + 1, seen),
      ),
    };
  }
  const comparison = COMPARISONS.find((known) => known === type);
  if (comparison === undefined) {
    throw new Fault(at(path, 'type'), `The type of a filter is one of ${TYPES}.`, type === undefined);
  }
  refuseOthers(input, ['type', 'key', 'value'], path);
  const key = own(input, 'key');
  if (typeof key !== 'string' || key === '')
    throw new Fault(at(path, 'key'), 'A comparison names the key it is about.', key === undefined);
  return { type: comparison, key, value: readValue(own(input, 'value'), comparison, at(path, 'value'), seen) };
}

function readValue(
  value: unknown,
  type: ComparisonFilter['type'],
  path: string,
  seen: { values: number },
): ComparisonFilter['value'] {
  if (!Array.isArray(value)) return readScalar(value, path);
  if (type !== 'in' && type !== 'nin') {
    throw new Fault(path, `'${type}' compares with one value; a list goes with 'in' and 'nin'.`);
  }
  seen.values += value.length;
  if (seen.values > FILTER_LIMITS.values) {
    throw new Fault(path, `The lists of a filter have ${FILTER_LIMITS.values} values at most.`);
  }
  return value.map((item: unknown, index) => readScalar(item, `${path}[${index}]`));
}

function readScalar(value: unknown, path: string): AttributeValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Fault(path, 'A value is a string, a number or a boolean.', value === undefined);
}

function own(input: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(input, key)?.value;
}

function refuseOthers(input: object, known: readonly string[], path: string): void {
  const other = Object.keys(input).find((key) => !known.includes(key));
  if (other !== undefined) {
    const names = known.map((name) => `'${name}'`).join(', ');
    throw new Fault(at(path, other), `A filter of this type has ${names} and nothing else.`);
  }
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
