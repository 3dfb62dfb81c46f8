import { AppError } from '@espejo/core';
import { z } from 'zod';

/**
 * A page's cursor: the sort values of its last row, tied to the list and order they came from. It holds no row number
 * and no secret, so it stays good when rows come and go.
 */
export function encodeCursor(list: string, values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

/** Reads a cursor of this list; anything else, another list's or another order's too, is `unknown_cursor`. */
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
    // Base64 has several spellings of one text; only ours was ever handed out.
    if (parsed.success && encodeCursor(list, values.slice(1)) === cursor) return parsed.data;
  }
  throw new AppError(
    'unknown_cursor',
    'This cursor is not one of this list in this order. Start again without a cursor and follow nextCursor.',
  );
}

export const TEXT_KEY = z.tuple([z.string(), z.string()]);
export const NUMBER_KEY = z.tuple([z.number(), z.string()]);
