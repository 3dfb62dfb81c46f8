import { AppError } from '@espejo/core';
import { z } from 'zod';

/**
 * The cursor of a page: the sort values of its last row, bound to the list and its order. It holds no row number and no
 * secret, so it stays valid when rows are added or removed.
 */
export function encodeCursor(list: string, values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

/** Reads a cursor of this list; anything else, also a cursor of another list or order, is `unknown_cursor`. */
export function decodeCursor<T extends z.ZodType>(
  cursor: string | undefined,
  list: string,
  shape: T,
): z.output<T> | undefined {
  if (cursor === undefined) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    values = undefined;
  }
  if (Array.isArray(values) && values[0] === list) {
    const parsed = shape.safeParse(values.slice(1));
    // Base64 has several spellings of one text; only the canonical one is valid.
    if (parsed.success && encodeCursor(list, values.slice(1)) === cursor) return parsed.data;
  }
  throw new AppError(
    'unknown_cursor',
    'This cursor does not belong to this list in this order. Start again without a cursor and follow nextCursor.',
  );
}

export const TEXT_KEY = z.tuple([z.string(), z.string()]);
export const NUMBER_KEY = z.tuple([z.number(), z.string()]);
