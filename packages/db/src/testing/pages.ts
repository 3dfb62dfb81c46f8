import { expect } from 'vitest';

export interface ListPage<R, K> {
  readonly rows: readonly R[];
  readonly next: K | null;
  readonly total: number;
}

/** Follows a listing to its end: every page but the last is full, the last is not empty, totals agree. */
export async function readAllPages<R, K>(
  limit: number,
  fetchPage: (after: K | undefined) => Promise<ListPage<R, K>>,
): Promise<{ readonly rows: readonly R[]; readonly total: number }> {
  const first = await fetchPage(undefined);
  const rows = [...first.rows];
  for (let page = first; page.next !== null; ) {
    expect(page.rows).toHaveLength(limit);
    page = await fetchPage(page.next);
    expect(page.rows).not.toHaveLength(0);
    expect(page.total).toBe(first.total);
    rows.push(...page.rows);
    expect(rows.length).toBeLessThanOrEqual(first.total);
  }
  return { rows, total: first.total };
}

/** Compares texts by their bytes, as a database without a collation does. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A simple reference implementation: texts that look the same become equal. */
export function plainText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('\0', ' ');
}
