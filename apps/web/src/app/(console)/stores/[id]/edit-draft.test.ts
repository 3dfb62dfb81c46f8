import { expect, it } from 'vitest';
import { draftOf, toUpdateBody } from './edit-draft.ts';

const store = {
  name: 'Support',
  description: null,
  metadata: { team: 'care' },
  expiresAfter: { anchor: 'last_active_at', days: 30 },
};
const before = draftOf(store);

it('sends nothing when nothing changed, spaces aside', () => {
  expect(toUpdateBody(before, { ...before, name: ' Support ', description: '  ' })).toEqual({});
});

it('sends only what changed', () => {
  expect(toUpdateBody(before, { ...before, name: 'Care' })).toEqual({ name: 'Care' });
  expect(toUpdateBody(before, { ...before, days: '7' })).toEqual({
    expiresAfter: { anchor: 'last_active_at', days: 7 },
  });
});

it('clears with null, not with an empty text', () => {
  expect(toUpdateBody(before, { ...before, name: ' ' })).toEqual({ name: null });
  expect(toUpdateBody(before, { ...before, expiry: 'never' })).toEqual({ expiresAfter: null });
});

it('drops pairs without a key and replaces the whole map', () => {
  const metadata = [...before.metadata, { rowId: 9, key: ' env ', value: 'prod' }, { rowId: 10, key: '', value: 'x' }];
  expect(toUpdateBody(before, { ...before, metadata })).toEqual({ metadata: { team: 'care', env: 'prod' } });
  expect(toUpdateBody(before, { ...before, metadata: [] })).toEqual({ metadata: {} });
});
