import { expect, it } from 'vitest';
import { callerRequestIdOf, newRequestId } from './request-id.ts';

it('every request has an id of its own', () => {
  expect(newRequestId()).toMatch(/^req_[0-9a-f]{32}$/);
  expect(new Set(Array.from({ length: 100 }, newRequestId)).size).toBe(100);
});

it.each(['a', 'trace-1.2_3', 'x'.repeat(100)])('the caller’s own id %j is for the log', (id) => {
  expect(callerRequestIdOf({ 'x-request-id': id })).toBe(id);
});

it.each([undefined, '', 'a b', 'x'.repeat(101), 'a\nb', '{"level":60}', 'ünsafe', ['a', 'b']])('but not %j', (id) => {
  expect(callerRequestIdOf({ 'x-request-id': id as string })).toBeUndefined();
});
