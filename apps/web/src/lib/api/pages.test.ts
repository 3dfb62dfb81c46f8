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

it('shows a row once when it moved to the next page between two requests', () => {
  const flatten = createPageFlattener(idOf);
  expect(flatten(dataOf(page(['a', 'b']), page(['b', 'c']))).map(idOf)).toEqual(['a', 'b', 'c']);
  expect(flatten(undefined)).toEqual([]);
});

it('processes each page once and appends the next page to the rows before it', () => {
  let calls = 0;
  const flatten = createPageFlattener((row: { id: string }) => {
    calls += 1;
    return row.id;
  });
  const first = page(['a', 'b']);
  const second = page(['b', 'c']);
  flatten(dataOf(first));
  const both = flatten(dataOf(first, second));
  expect(both.map(idOf)).toEqual(['a', 'b', 'c']);
  expect(calls).toBe(4);
  expect(flatten(dataOf(first, second))).toBe(both);
  expect(calls).toBe(4);
});

it('starts over when a page is loaded again or the view changes', () => {
  const flatten = createPageFlattener(idOf);
  const second = page(['c']);
  flatten(dataOf(page(['a', 'b']), second));
  expect(flatten(dataOf(page(['b']), second)).map(idOf)).toEqual(['b', 'c']);
  expect(flatten(dataOf(page(['x']))).map(idOf)).toEqual(['x']);
});

it('has no next page when the cursor is null', () => {
  expect(keysetPaging.getNextPageParam(page([], 'next'))).toBe('next');
  expect(keysetPaging.getNextPageParam(page([]))).toBeUndefined();
});
