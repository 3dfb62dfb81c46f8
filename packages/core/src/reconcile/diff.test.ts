import { describe, expect, it } from 'vitest';
import { storeSnapshot } from '../testing/snapshots.ts';
import { diffStoreFields } from './diff.ts';

describe('diffStoreFields', () => {
  const before = storeSnapshot({ name: 'Before', metadata: { a: '1', b: '2' } });

  it('returns nothing when only the order of keys differs', () => {
    expect(diffStoreFields(before, { ...before, metadata: { b: '2', a: '1' } })).toEqual([]);
  });

  it.each([
    ['name', null],
    ['description', 'new'],
    ['status', 'expired'],
    ['fileCounts', { in_progress: 1, completed: 0, failed: 0, cancelled: 0, total: 1 }],
    ['usageBytes', 9],
    ['metadata', { a: '1' }],
    ['expiresAfter', { anchor: 'last_active_at', days: 3 }],
    ['expiresAt', 12],
    ['lastActiveAt', 13],
    ['createdAt', 14],
    ['extra', { region: 'eu' }],
  ] as const)('returns %s, with the old and the new value', (field, after) => {
    expect(diffStoreFields(before, { ...before, [field]: after })).toEqual([{ field, before: before[field], after }]);
  });
});
