import type { JsonObject } from '@espejo/core';
import { malformed } from './malformed.ts';

/*
 * Hand-written because a full sync runs these over a million rows. Each takes the value, not the row and a key, so that
 * the callers' property loads stay monomorphic and a valid row allocates nothing but its snapshot.
 */

/** Whether `value` is a JSON object (neither null nor an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An id that can be a cursor and a path segment: `.` and `..` would change the path they are put into. */
export function requiredId(value: unknown): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw malformed('a row has no usable "id"');
  }
  return value;
}

export function requiredText(value: unknown, field: string): string {
  if (typeof value !== 'string') throw malformed(`a row has no text "${field}"`);
  return value;
}

/** A whole number that a double holds exactly; anything beyond 2^53 has already lost digits and is rejected. */
export function requiredInteger(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw malformed(`a row has no whole "${field}"`);
  return value;
}

export function optionalText(value: unknown, field: string): string | null {
  return value === undefined || value === null ? null : requiredText(value, field);
}

export function optionalInteger(value: unknown, field: string): number | null {
  return value === undefined || value === null ? null : requiredInteger(value, field);
}

export function optionalObject(value: unknown, field: string): JsonObject | null {
  if (value === undefined || value === null) return null;
  if (!isJsonObject(value)) throw malformed(`"${field}" of a row is not an object`);
  return value;
}

/** A row that names another type than the listing's is rejected; a row without a type is accepted. */
export function checkObjectType(value: unknown, expected: string): void {
  if (value !== undefined && value !== expected) throw malformed(`a row is not a "${expected}"`);
}

/** Adds an unknown field to `extra`. `__proto__` is data here: an assignment would change the prototype and lose it. */
export function keepExtra(extra: Record<string, unknown> | null, key: string, value: unknown): Record<string, unknown> {
  const kept = extra ?? {};
  if (key === '__proto__') {
    Object.defineProperty(kept, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    kept[key] = value;
  }
  return kept;
}
