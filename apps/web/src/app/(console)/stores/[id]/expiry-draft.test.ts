import type { ExpiryPolicy } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { expiryDraftOf, toPolicy } from './expiry-draft.ts';

describe('the expiry form', () => {
  it.each<ExpiryPolicy>([
    { kind: 'never' },
    { kind: 'after_last_active', days: 30 },
    { kind: 'after_creation', durationS: 36 * 3600 },
    { kind: 'after_creation', durationS: 5400 },
    { kind: 'at', instantS: Date.UTC(2028, 1, 29, 23, 59) / 1000 },
  ])('turns the unedited policy %o back into the same policy', (policy) => {
    expect(toPolicy(expiryDraftOf(policy))).toEqual(policy);
  });

  it.each([
    { kind: 'after_last_active', days: '' },
    { kind: 'after_last_active', days: '0' },
    { kind: 'after_last_active', days: '1.5' },
    { kind: 'after_creation', hours: '-1' },
    { kind: 'at', at: '' },
    { kind: 'at', at: '2028-13-01T00:00' },
  ] as const)('returns no policy for the incomplete form %o', (change) => {
    expect(toPolicy({ ...expiryDraftOf(null), ...change })).toBeNull();
  });
});
