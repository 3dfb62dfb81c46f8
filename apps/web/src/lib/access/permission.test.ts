import { describe, expect, it } from 'vitest';
import { type Access, permissionOf } from './permission.ts';

const access = (fields: Partial<Access> = {}): Access => ({
  role: 'viewer',
  grants: [],
  actions: null,
  storeIds: null,
  ...fields,
});

describe('permissionOf', () => {
  it('allows the actions of each role and names the role that a denied action requires', () => {
    expect(permissionOf(access(), 'search').isAllowed).toBe(true);
    expect(permissionOf(access(), 'write')).toEqual({
      isAllowed: false,
      reason: 'Requires the editor role; yours is viewer.',
    });
    expect(permissionOf(access({ role: 'editor' }), 'delete').isAllowed).toBe(true);
    expect(permissionOf(access({ role: 'editor' }), 'manage').reason).toBe('Requires the admin role; yours is editor.');
    expect(permissionOf(access({ role: 'owner' }), 'own').isAllowed).toBe(true);
  });

  it('raises the role only in the stores with a grant', () => {
    const granted = access({ grants: [{ storeId: 'vs_a', role: 'editor' }] });
    expect(permissionOf(granted, 'write', 'vs_a').isAllowed).toBe(true);
    expect(permissionOf(granted, 'write', 'vs_b').isAllowed).toBe(false);
    expect(permissionOf(granted, 'write').isAllowed).toBe(false);
  });

  it('limits a key to its actions and stores, whatever its role', () => {
    const bounded = access({ role: 'owner', actions: ['read', 'write'], storeIds: ['vs_a'] });
    expect(permissionOf(bounded, 'write', 'vs_a').isAllowed).toBe(true);
    expect(permissionOf(bounded, 'write', 'vs_b').isAllowed).toBe(false);
    expect(permissionOf(bounded, 'write').isAllowed).toBe(false);
    expect(permissionOf(bounded, 'delete', 'vs_a').reason).toBe("This key does not have the 'delete' scope.");
  });

  it('allows nothing while the session is not loaded', () => {
    expect(permissionOf(access({ role: null }), 'read').isAllowed).toBe(false);
  });
});
