import { expect, it } from 'vitest';
import { createPageFlattener, keysetPaging } from './pages.ts';

const page = (ids: string[], nextCursor: string | null = null) => ({
  data: ids.map((id) => ({ id })),
  nextCursor,
  total: 9,
  asOf: 1,
});
const dataOf = (...pages: ReturnType<typeof page>[]) => ({ pages, pageParams: pages.map(() => undefined) });
const idOf = (row: { id: string }) => row.id;

it('shows a row once when it moved from one page to the next between two reads', () => {
  const flatten = createPageFlattener(idOf);
  expect(flatten(dataOf(page(['a', 'b']), page(['b', 'c']))).map(idOf)).toEqual(['a', 'b', 'c']);
  expect(flatten(undefined)).toEqual([]);
});

it('goes through a page once: the next page adds to what is there', () => {
  let asked = 0;
  const flatten = createPageFlattener((row: { id: string }) => {
    asked += 1;
    return row.id;
  });
  const first = page(['a', 'b']);
  const second = page(['b', 'c']);
  flatten(dataOf(first));
  const both = flatten(dataOf(first, second));
  expect(both.map(idOf)).toEqual(['a', 'b', 'c']);
  expect(asked).toBe(4);
  expect(flatten(dataOf(first, second))).toBe(both);
  expect(asked).toBe(4);
});

it('starts over when a page was read again, or another view has come', () => {
  const flatten = createPageFlattener(idOf);
  const second = page(['c']);
  flatten(dataOf(page(['a', 'b']), second));
  expect(flatten(dataOf(page(['b']), second)).map(idOf)).toEqual(['b', 'c']);
  expect(flatten(dataOf(page(['x']))).map(idOf)).toEqual(['x']);
});

it('ends where the cursor ends', () => {
  expect(keysetPaging.getNextPageParam(page([], 'next'))).toBe('next');
  expect(keysetPaging.getNextPageParam(page([]))).toBeUndefined();
});
