import { expect, it } from 'vitest';
import { fitColumns } from './fit-columns.ts';

const columns = [
  { id: 'name', meta: { widthPx: 300, priority: Number.POSITIVE_INFINITY } },
  { id: 'created', meta: { widthPx: 100, priority: 1 } },
  { id: 'files', meta: { widthPx: 100, priority: 5 } },
];

it('keeps every column that fits', () => {
  expect([...fitColumns(columns, 500)].sort()).toEqual(['created', 'files', 'name']);
});

it('drops the columns of lowest priority first', () => {
  expect([...fitColumns(columns, 499)].sort()).toEqual(['files', 'name']);
  expect([...fitColumns(columns, 399)]).toEqual(['name']);
});

it('never drops the column that names the row', () => {
  expect([...fitColumns(columns, 10)]).toEqual(['name']);
});
