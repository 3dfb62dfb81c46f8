interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** Follows `nextCursor` to the end. `between` is called after each page but the last. */
export async function allPages<T>(
  fetchPage: (cursor: string | undefined) => Promise<Page<T>>,
  between: (pageNumber: number) => Promise<void> = async () => undefined,
): Promise<{ rows: T[]; pageSizes: number[] }> {
  const rows: T[] = [];
  const pageSizes: number[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await fetchPage(cursor);
    rows.push(...page.data);
    pageSizes.push(page.data.length);
    if (page.nextCursor === null) return { rows, pageSizes };
    if (pageSizes.length > 1000) throw new Error('The pages do not end.');
    cursor = page.nextCursor;
    await between(pageSizes.length);
  }
}
