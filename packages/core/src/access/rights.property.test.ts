import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTION_NAMES } from './actions.ts';
import { authorize, type Principal } from './authorize.ts';
import { assertEndsInTime, assertMayGive, type Rights } from './rights.ts';
import { ROLES } from './roles.ts';

const STORE_IDS = ['vs_a', 'vs_b', 'vs_c'] as const;
const rights: fc.Arbitrary<Rights> = fc.record({
  role: fc.constantFrom(...ROLES),
  actions: fc.option(fc.subarray([...ACTION_NAMES])),
  storeIds: fc.option(fc.subarray([...STORE_IDS])),
});

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** Everything that `authorize` allows with these rights. */
function allowedTo({ role, actions, storeIds }: Rights): string[] {
  const principal: Principal = {
    tenantId: 'acme',
    actor: 'key ci',
    requestId: null,
    address: null,
    isPerson: false,
    role,
    actions,
    storeIds,
    grants: {},
    endsAtMs: null,
  };
  return ACTION_NAMES.flatMap((action) =>
    [undefined, ...STORE_IDS]
      .filter((storeId) => storeId === undefined || (storeIds?.includes(storeId) ?? true))
      .filter((storeId) => succeeds(() => authorize(principal, action, { storeId })))
      .map((storeId) => `${action} ${storeId ?? 'the tenant'}`),
  );
}

describe('rights given to another principal', () => {
  it('are never more than those of the giver', () => {
    fc.assert(
      fc.property(rights, rights, (giver, given) => {
        fc.pre(succeeds(() => assertMayGive(giver, given)));
        expect(allowedTo(giver)).toEqual(expect.arrayContaining(allowedTo(given)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('may be all rights of the giver', () => {
    fc.assert(fc.property(rights, (giver) => assertMayGive(giver, giver)));
  });

  it('are rejected with the missing right', () => {
    const owner = { role: 'owner', actions: null, storeIds: null } as const;
    expect(() => assertMayGive({ ...owner, actions: ['own', 'read'] }, { ...owner, role: 'viewer' })).toThrow(
      expect.objectContaining({
        code: 'scope_insufficient',
        details: { needed: ['search'], actions: ['read', 'own'] },
      }),
    );
    expect(() => assertMayGive({ ...owner, role: 'admin' }, owner)).toThrow(
      expect.objectContaining({ code: 'role_insufficient', details: { role: 'admin', needed: 'owner' } }),
    );
    expect(() => assertMayGive({ ...owner, storeIds: ['vs_a'] }, owner)).toThrow(
      expect.objectContaining({ code: 'scope_insufficient', details: { storeIds: ['vs_a'] } }),
    );
  });
});

it('end no later than the key that made the new key', () => {
  expect(() => assertEndsInTime(null, null)).not.toThrow();
  expect(() => assertEndsInTime(1_000, 1_000)).not.toThrow();
  expect(() => assertEndsInTime(1_000, 1_001)).toThrow(expect.objectContaining({ code: 'scope_insufficient' }));
  expect(() => assertEndsInTime(1_000, null)).toThrow(expect.objectContaining({ code: 'scope_insufficient' }));
});
