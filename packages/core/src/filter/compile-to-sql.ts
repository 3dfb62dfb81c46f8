import type { AttributeFilter, ComparisonFilter } from './attribute-filter.ts';

export interface SqlCondition {
  readonly text: string;
  /** In the order of the question marks. */
  readonly params: readonly string[];
}

const OPERATORS: Record<ComparisonFilter['type'], string> = {
  eq: '=',
  in: '=',
  ne: '=',
  nin: '=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

/**
 * Compiles a filter to a condition of SQLite over a JSON column, true for the rows for which `matchesFilter` is true.
 * `column` comes from code, never from a user; keys and values are parameters, and JSON, so that they are read by the
 * same parser as the attributes they are compared with.
 */
export function compileToSql(filter: AttributeFilter, column: string): SqlCondition {
  const params: string[] = [];
  const compile = (part: AttributeFilter): string => {
    if (!('filters' in part)) return compileComparison(part, column, params);
    if (part.filters.length === 0) return part.type === 'and' ? '1' : '0';
    return `(${part.filters.map(compile).join(part.type === 'and' ? ' AND ' : ' OR ')})`;
  };
  return { text: compile(filter), params };
}

function compileComparison({ type, key, value }: ComparisonFilter, column: string, params: string[]): string {
  const isOrder = type !== 'eq' && type !== 'ne' && type !== 'in' && type !== 'nin';
  // A value has no order relative to a list, and a number has none relative to `true`.
  const kinds = isOrder ? ` AND has.type NOT IN ('true', 'false')${typeof value === 'object' ? ' AND 0' : ''}` : '';
  params.push(JSON.stringify(typeof value === 'object' ? value : [value]), JSON.stringify(key));
  const exists =
    `EXISTS (SELECT 1 FROM json_each(${column}) AS has, json_each(?) AS wanted` +
    ` WHERE has.key = json_extract(?, '$')` +
    ` AND replace(has.type, 'integer', 'real') = replace(wanted.type, 'integer', 'real')` +
    ` AND has.value ${OPERATORS[type]} wanted.value${kinds})`;
  return type === 'ne' || type === 'nin' ? `NOT ${exists}` : exists;
}
