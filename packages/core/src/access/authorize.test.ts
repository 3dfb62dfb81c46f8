import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTION_NAMES, ACTIONS } from './actions.ts';
import { type Authorized, asSystem, authorize, type Principal, reachesStore } from './authorize.ts';
import { isRoleAtLeast, ROLES } from './roles.ts';

const principal = (fields: Partial<Principal> = {}): Principal => ({
  tenantId: 'acme',
  actor: 'key ci',
  requestId: 'req_1',
  address: '127.0.0.1',
  isPerson: false,
  role: 'editor',
  actions: null,
  storeIds: null,
  grants: {},
  endsAtMs: null,
  ...fields,
});

const storeIds = fc.constantFrom('vs_a', 'vs_b', '__proto__');
const principals = fc.record({
  tenantId: fc.constantFrom('acme', 'globex'),
  actor: fc.string(),
  requestId: fc.constant(null),
  address: fc.constant(null),
  isPerson: fc.boolean(),
  role: fc.constantFrom(...ROLES),
  actions: fc.option(fc.subarray([...ACTION_NAMES])),
  storeIds: fc.option(fc.uniqueArray(storeIds)),
  grants: fc.dictionary(storeIds, fc.constantFrom(...ROLES)),
  endsAtMs: fc.constant(null),
}) satisfies fc.Arbitrary<Principal>;

describe('authorize', () => {
  it('allows exactly what role, grant and scopes allow together', () => {
    fc.assert(
      fc.property(
        principals,
        fc.constantFrom(...ACTION_NAMES),
        fc.option(storeIds, { nil: undefined }),
        (who, act, storeId) => {
          const isInBounds = (who.actions?.includes(act) ?? true) && (who.storeIds === null || storeId !== undefined);
          const roles = [who.role, ...Object.entries(who.grants).flatMap(([id, role]) => (id === storeId ? role : []))];
          const isAllowed = isInBounds && roles.some((role) => isRoleAtLeast(role, ACTIONS[act]));
          const attempt = () => authorize(who, act, { storeId });
          if (isAllowed) expect(attempt()).toMatchObject({ tenantId: who.tenantId, actor: who.actor });
          else expect(attempt).toThrow(/limited to|needs the role/);
        },
      ),
    );
  });

  it('names the required role, or the actions a key is limited to', () => {
    expect(() => authorize(principal({ role: 'viewer' }), 'write')).toThrow(
      expect.objectContaining({ code: 'role_insufficient', details: { role: 'viewer', needed: 'editor' } }),
    );
    expect(() => authorize(principal({ actions: ['search'] }), 'write')).toThrow(
      expect.objectContaining({ code: 'scope_insufficient', details: { needed: 'write', actions: ['search'] } }),
    );
    expect(() => authorize(principal({ storeIds: ['vs_a'] }), 'read')).toThrow(
      expect.objectContaining({ code: 'scope_insufficient' }),
    );
  });

  it('raises a role in one store by a grant, and in no other', () => {
    const who = principal({ role: 'viewer', grants: { vs_a: 'editor' } });
    expect(authorize(who, 'write', { storeId: 'vs_a' }).actor).toBe('key ci');
    expect(() => authorize(who, 'write', { storeId: 'vs_b' })).toThrow();
    expect(() => authorize(who, 'write')).toThrow();
  });

  it('returns only the identity and the stores within reach', () => {
    expect(authorize(principal({ storeIds: ['vs_a'] }), 'write', { storeId: 'vs_a' }).storeIds).toEqual(['vs_a']);
    expect(asSystem('acme', 'expiry').storeIds).toBeNull();
    expect(authorize(principal(), 'write')).toEqual({
      storeIds: null,
      tenantId: 'acme',
      actor: 'key ci',
      requestId: 'req_1',
      address: '127.0.0.1',
    });
  });
});

it('limits a key to its stores', () => {
  expect(reachesStore(principal(), 'vs_a')).toBe(true);
  expect(reachesStore(principal({ storeIds: ['vs_a'] }), 'vs_a')).toBe(true);
  expect(reachesStore(principal({ storeIds: ['vs_a'] }), 'vs_b')).toBe(false);
});

it('returns a proof that cannot be made by hand or used for another action: neither compiles', () => {
  const write = (by: Authorized<'write'>) => by.actor;
  expect(write(authorize(principal(), 'write'))).toBe('key ci');
  expect(write(asSystem('acme', 'expiry'))).toBe('expiry');
  // @ts-expect-error a principal is no proof
  write(principal());
  // @ts-expect-error an object that looks like one is none either
  write({ tenantId: 'acme', actor: 'me', requestId: null, address: null, storeIds: null });
  // @ts-expect-error a proof that one may read is none that one may write
  write(authorize(principal(), 'read'));
  // @ts-expect-error nor is a proof of one act or another, whichever was checked
  write(authorize(principal(), 'write' as 'read' | 'write'));
});
