import { expect, it } from 'vitest';
import { fieldLabel, formatFieldValue } from './field-value.ts';

it('labels known fields in snake case and camel case', () => {
  expect(fieldLabel('expires_after')).toBe('Expiry policy');
  expect(fieldLabel('expiresAfter')).toBe('Expiry policy');
  expect(fieldLabel('embedding_model')).toBe('embedding_model');
});

it.each([
  ['name', null, 'none'],
  ['name', '', '(empty)'],
  ['name', 'Support', 'Support'],
  ['usage_bytes', 1536, '1,536 bytes'],
  ['file_counts', { total: 2 }, '{"total":2}'],
  ['beta', false, 'false'],
  ['rank', 3, '3'],
])('formats the field %s with value %j as "%s"', (field, value, text) => {
  expect(formatFieldValue(field, value)).toBe(text);
});

it('formats timestamps as dates', () => {
  expect(formatFieldValue('expires_at', 1_800_000_000)).toMatch(/15 Jan 2027/);
});
