import { expect, it } from 'vitest';
import { flattenPages, keysetPaging } from './pages.ts';

const page = (ids: string[], nextCursor: string | null) => ({
  data: ids.map((id) => ({ id })),
  nextCursor,
  total: 9,
  asOf: 1,
});

it('shows a row once when it moved from one page to the next between two reads', () => {
  const rows = flattenPages(
    { pages: [page(['a', 'b'], 'c1'), page(['b', 'c'], null)], pageParams: [undefined, 'c1'] },
    (row) => row.id,
  );
  expect(rows.map((row) => row.id)).toEqual(['a', 'b', 'c']);
  expect(flattenPages(undefined, () => '')).toEqual([]);
});

it('ends where the cursor ends', () => {
  expect(keysetPaging.getNextPageParam(page([], 'next'))).toBe('next');
  expect(keysetPaging.getNextPageParam(page([], null))).toBeUndefined();
});
