import type { AttributeFilter, Attributes, AttributeValue, ComparisonFilter } from './attribute-filter.ts';

/**
 * Whether attributes match a filter. A missing key matches only `ne` and `nin`; values of different types are never
 * equal; only two numbers or two strings have an order, strings by code point, as in UTF-8 databases.
 */
export function matchesFilter(attributes: Attributes, filter: AttributeFilter): boolean {
  switch (filter.type) {
    case 'and':
      return filter.filters.every((part) => matchesFilter(attributes, part));
    case 'or':
      return filter.filters.some((part) => matchesFilter(attributes, part));
    case 'ne':
    case 'nin':
      return !isAmong(attributeOf(attributes, filter.key), filter.value);
    case 'eq':
    case 'in':
      return isAmong(attributeOf(attributes, filter.key), filter.value);
    default:
      return fitsOrder(attributeOf(attributes, filter.key), filter);
  }
}

/** Own keys only: `toString` is not an attribute. */
function attributeOf(attributes: Attributes, key: string): AttributeValue | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}

function isAmong(actual: AttributeValue | undefined, wanted: ComparisonFilter['value']): boolean {
  if (actual === undefined) return false;
  return typeof wanted === 'object' ? wanted.some((value) => value === actual) : wanted === actual;
}

function fitsOrder(actual: AttributeValue | undefined, { type, value }: ComparisonFilter): boolean {
  const order =
    typeof actual === 'number' && typeof value === 'number'
      ? Math.sign(actual - value)
      : typeof actual === 'string' && typeof value === 'string'
        ? compareCodePoints(actual, value)
        : null;
  if (order === null) return false;
  if (type === 'gt') return order > 0;
  if (type === 'gte') return order >= 0;
  return type === 'lt' ? order < 0 : order <= 0;
}

/** JavaScript compares UTF-16 units, which puts an emoji before U+FFFD; code points and UTF-8 bytes put it after. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const isSurrogateA = a >= 0xd800 && a <= 0xdfff;
    const isSurrogateB = b >= 0xd800 && b <= 0xdfff;
    if (isSurrogateA !== isSurrogateB) return isSurrogateA ? (b >= 0xe000 ? 1 : a - b) : a >= 0xe000 ? -1 : a - b;
    return a - b;
  }
  return left.length - right.length;
}
