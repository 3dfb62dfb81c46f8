import type { Attributes, JsonObject } from '@espejo/core';

/** The attributes of upstream that are valid attributes here. */
export function toAttributes(given: JsonObject | null): Attributes {
  const isValue = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => isValue(value))) as Attributes;
}
