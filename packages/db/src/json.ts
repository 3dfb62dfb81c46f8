import type { JsonObject } from '@espejo/core';

export function toJson(value: JsonObject | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** The list of texts in a JSON column, or null. */
export function textsFromJson(text: string | null): readonly string[] | null {
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('A JSON column does not hold a list.');
  return value.map(String);
}

/** Columns read here were written by `toJson`; anything else means a damaged database and throws. */
export function fromJson(text: unknown): JsonObject | null {
  if (text === null || text === undefined) return null;
  const value: unknown = JSON.parse(String(text));
  if (typeof value !== 'object' || value === null) throw new Error('A JSON column does not hold an object.');
  return value as JsonObject;
}
