import { expect, it } from 'vitest';
import { createOpenedStores } from './opened-stores.ts';

const MODEL = { fingerprint: 'm1', dimensions: 3 };

it('opened stores have a store with its model from the end of its opening until it is forgotten', () => {
  const opened = createOpenedStores(8);
  const note = opened.begin('vs_1', MODEL);
  expect(opened.has('vs_1', MODEL)).toBe(false);
  note();
  expect(opened.has('vs_1', MODEL)).toBe(true);
  expect(opened.has('vs_1', { ...MODEL, fingerprint: 'm2' })).toBe(false);
  expect(opened.has('vs_1', { ...MODEL, dimensions: 8 })).toBe(false);
  opened.forget('vs_1');
  expect(opened.has('vs_1', MODEL)).toBe(false);
});

it('opened stores ignore an opening during which the store was dropped', () => {
  const opened = createOpenedStores(8);
  const note = opened.begin('vs_1', MODEL);
  opened.forget('vs_1');
  note();
  expect(opened.has('vs_1', MODEL)).toBe(false);
});

it('opened stores are limited in number', () => {
  const opened = createOpenedStores(2);
  for (const storeId of ['vs_1', 'vs_2', 'vs_3']) opened.begin(storeId, MODEL)();
  expect(['vs_1', 'vs_2', 'vs_3'].map((storeId) => opened.has(storeId, MODEL))).toEqual([false, true, true]);
});
