import { expect, it } from 'vitest';
import { createListPositions, type ListPosition, returnIndex } from './list-position.ts';

const position: ListPosition = { viewKey: 'all', rowId: 'c', index: 2, scrollPx: 72 };

it('a position returns with its entry of the history, until it is forgotten', () => {
  const positions = createListPositions();
  positions.remember('first', 'Stores', position);
  expect(positions.find('second', 'Stores', 'all')).toBeNull();
  expect(positions.find('first', 'Files', 'all')).toBeNull();
  expect(positions.find('first', 'Stores', 'all')).toEqual(position);
  positions.forget('first', 'Stores');
  expect(positions.find('first', 'Stores', 'all')).toBeNull();
});

it('a position does not return to another view of the list', () => {
  const positions = createListPositions();
  positions.remember('first', 'Stores', position);
  expect(positions.find('first', 'Stores', 'filtered')).toBeNull();
});

it('nothing is kept in a browser that does not name the entries of its history', () => {
  const positions = createListPositions();
  positions.remember(null, 'Stores', position);
  expect(positions.find(null, 'Stores', 'all')).toBeNull();
});

it('the oldest positions are forgotten', () => {
  const positions = createListPositions();
  for (let entry = 0; entry <= 50; entry += 1) positions.remember(String(entry), 'Stores', position);
  expect(positions.find('0', 'Stores', 'all')).toBeNull();
  expect(positions.find('1', 'Stores', 'all')).toEqual(position);
});

it('the focus returns to the row, wherever it is now, or to the row in its place', () => {
  const idOf = (id: string) => id;
  expect(returnIndex(position, ['c', 'a', 'b', 'd'], idOf)).toBe(0);
  expect(returnIndex(position, ['a', 'b', 'd'], idOf)).toBe(2);
  expect(returnIndex(position, ['a'], idOf)).toBe(0);
  expect(returnIndex(position, [], idOf)).toBeNull();
});
