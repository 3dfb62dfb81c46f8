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
  it('lets each role do what it is for and says which one an act takes', () => {
    expect(permissionOf(access(), 'search').isAllowed).toBe(true);
    expect(permissionOf(access(), 'write')).toEqual({
      isAllowed: false,
      reason: 'It takes an editor; you are a viewer.',
    });
    expect(permissionOf(access({ role: 'editor' }), 'delete').isAllowed).toBe(true);
    expect(permissionOf(access({ role: 'editor' }), 'manage').reason).toBe('It takes an admin; you are an editor.');
    expect(permissionOf(access({ role: 'owner' }), 'own').isAllowed).toBe(true);
  });

  it('raises the role in the stores it is granted in, and nowhere else', () => {
    const granted = access({ grants: [{ storeId: 'vs_a', role: 'editor' }] });
    expect(permissionOf(granted, 'write', 'vs_a').isAllowed).toBe(true);
    expect(permissionOf(granted, 'write', 'vs_b').isAllowed).toBe(false);
    expect(permissionOf(granted, 'write').isAllowed).toBe(false);
  });

  it('holds a key to its actions and its stores, whatever its role', () => {
    const bounded = access({ role: 'owner', actions: ['read', 'write'], storeIds: ['vs_a'] });
    expect(permissionOf(bounded, 'write', 'vs_a').isAllowed).toBe(true);
    expect(permissionOf(bounded, 'write', 'vs_b').isAllowed).toBe(false);
    expect(permissionOf(bounded, 'write').isAllowed).toBe(false);
    expect(permissionOf(bounded, 'delete', 'vs_a').reason).toBe('This key may not delete.');
  });

  it('allows nothing while nobody knows who asks', () => {
    expect(permissionOf(access({ role: null }), 'read').isAllowed).toBe(false);
  });
});
