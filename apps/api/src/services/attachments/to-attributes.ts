import type { Attributes, JsonObject } from '@espejo/core';

/** What upstream says of a file, as far as it can be an attribute. */
export function toAttributes(given: JsonObject | null): Attributes {
  const isValue = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => isValue(value))) as Attributes;
}
