import { expect, it } from 'vitest';
import { callerRequestIdOf, newRequestId } from './request-id.ts';

it('every request has a unique id', () => {
  expect(newRequestId()).toMatch(/^req_[0-9a-f]{32}$/);
  expect(new Set(Array.from({ length: 100 }, newRequestId)).size).toBe(100);
});

it.each(['a', 'trace-1.2_3', 'x'.repeat(100)])('the caller’s own id %j is logged', (id) => {
  expect(callerRequestIdOf({ 'x-request-id': id })).toBe(id);
});

it.each([undefined, '', 'a b', 'x'.repeat(101), 'a\nb', '{"level":60}', 'ünsafe', ['a', 'b']])(
  'the caller’s id %j is ignored',
  (id) => {
    expect(callerRequestIdOf({ 'x-request-id': id as string })).toBeUndefined();
  },
);
