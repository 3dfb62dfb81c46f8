import { OpenAiError } from '@espejo/contracts/openai';
import type { OrderedRow, OrderedRows } from './ordered-rows.ts';

export interface PageQuery {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: string | null;
  readonly before: string | null;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** Exact: whether at least one more row follows in the direction of the cursor. */
  readonly hasMore: boolean;
}

export interface PageOptions<T> {
  readonly query: PageQuery;
  readonly deletedCursor: 'reject' | 'continue';
  /** Rows for which it returns false are left out of the list. */
  readonly isListed?: ((row: T) => boolean) | undefined;
}

/** Returns one page. `after` continues after its row; `before` alone gives the rows just before its row. */
export function pageOf<T extends OrderedRow>(rows: OrderedRows<T>, options: PageOptions<T>): Page<T> {
  const { query } = options;
  const isAscending = query.order === 'asc';
  // The range [low, high) of the ascending order between the cursors.
  let low = 0;
  let high = rows.size;
  for (const param of ['after', 'before'] as const) {
    const cursor = query[param];
    if (cursor === null) continue;
    const position = cursorPosition(rows, param, cursor, options.deletedCursor);
    if ((param === 'after') === isAscending) low = Math.max(low, rows.firstAfter(position));
    else high = Math.min(high, rows.firstNotBefore(position));
  }
  const isBackward = query.before !== null && query.after === null;
  const picked: T[] = [];
  // Towards newer rows from the low end, or towards older ones; paging backward reverses the direction.
  const isRising = isAscending !== isBackward;
  for (let offset = 0; offset < high - low; offset += 1) {
    const row = rows.at(isRising ? low + offset : high - 1 - offset);
    if (row === undefined || options.isListed?.(row) === false) continue;
    if (picked.length === query.limit) return { rows: isBackward ? picked.reverse() : picked, hasMore: true };
    picked.push(row);
  }
  return { rows: isBackward ? picked.reverse() : picked, hasMore: false };
}

function cursorPosition<T extends OrderedRow>(
  rows: OrderedRows<T>,
  param: 'after' | 'before',
  cursor: string,
  deletedCursor: PageOptions<T>['deletedCursor'],
): Pick<OrderedRow, 'createdAt' | 'seq'> {
  const found = rows.positionOf(cursor);
  if (found === undefined || (found.isRemoved && deletedCursor === 'reject')) throw unknownCursor(param, cursor);
  return found.position;
}

/** The error of an unknown cursor. */
export function unknownCursor(param: 'after' | 'before', cursor: string): OpenAiError {
  return new OpenAiError(400, `Invalid '${param}': no object with id '${cursor}' was found.`, {
    param,
    code: 'invalid_value',
  });
}
