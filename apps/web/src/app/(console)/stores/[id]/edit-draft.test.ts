import { expect, it } from 'vitest';
import { draftOf, toUpdateBody } from './edit-draft.ts';

const store = {
  name: 'Support',
  description: null,
  metadata: { team: 'care' },
};
const before = draftOf(store);

it('sends no field of a store when only spaces changed', () => {
  expect(toUpdateBody(before, { ...before, name: ' Support ', description: '  ' })).toEqual({});
});

it('sends only the changed fields of a store', () => {
  expect(toUpdateBody(before, { ...before, name: 'Care' })).toEqual({ name: 'Care' });
  expect(toUpdateBody(before, { ...before, description: 'Answers' })).toEqual({ description: 'Answers' });
});

it('clears a field of a store with null instead of an empty string', () => {
  expect(toUpdateBody(before, { ...before, name: ' ' })).toEqual({ name: null });
});

it('drops metadata pairs without a key and sends the whole metadata', () => {
  const metadata = [...before.metadata, { rowId: 9, key: ' env ', value: 'prod' }, { rowId: 10, key: '', value: 'x' }];
  expect(toUpdateBody(before, { ...before, metadata })).toEqual({ metadata: { team: 'care', env: 'prod' } });
  expect(toUpdateBody(before, { ...before, metadata: [] })).toEqual({ metadata: {} });
});
