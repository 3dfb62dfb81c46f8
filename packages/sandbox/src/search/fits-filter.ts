import type { SearchFilter } from '@espejo/contracts/openai';
import type { Attributes, AttributeValue } from '../state/rows.ts';

/**
 * Whether attributes match a search filter. Upstream does not document missing keys and mixed types; here a missing key
 * matches only `ne` and `nin`, values of different types are never equal, and only two numbers or two strings have an
 * order.
 */
export function fitsFilter(attributes: Attributes, filter: SearchFilter): boolean {
  if ('filters' in filter) {
    const fits = (part: SearchFilter): boolean => fitsFilter(attributes, part);
    return filter.type === 'and' ? filter.filters.every(fits) : filter.filters.some(fits);
  }
  const actual = attributes[filter.key];
  const wanted = filter.value;
  switch (filter.type) {
    case 'eq':
      return actual !== undefined && actual === wanted;
    case 'ne':
      return actual !== wanted;
    case 'in':
      return includes(wanted, actual);
    case 'nin':
      return !includes(wanted, actual);
    default: {
      const order = compare(actual, wanted);
      if (order === null) return false;
      if (filter.type === 'gt') return order > 0;
      if (filter.type === 'gte') return order >= 0;
      return filter.type === 'lt' ? order < 0 : order <= 0;
    }
  }
}

function includes(wanted: unknown, actual: AttributeValue | undefined): boolean {
  if (actual === undefined) return false;
  return Array.isArray(wanted) ? wanted.includes(actual) : wanted === actual;
}

function compare(actual: unknown, wanted: unknown): number | null {
  if (typeof actual === 'number' && typeof wanted === 'number') return actual - wanted;
  if (typeof actual !== 'string' || typeof wanted !== 'string') return null;
  return actual < wanted ? -1 : actual > wanted ? 1 : 0;
}
