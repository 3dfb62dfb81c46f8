import { describe, expect, it } from 'vitest';
import { actionsOfRole, FULL_SCOPE, toBounds, toggleAction } from './key-scope.ts';

describe('the scope of a key', () => {
  it('offers the actions of the role', () => {
    expect(actionsOfRole('viewer')).toEqual(['read', 'search']);
    expect(actionsOfRole('owner')).toContain('own');
  });

  it('is null while every action of the role is chosen', () => {
    const without = toggleAction('editor', FULL_SCOPE, 'delete');
    expect(without.actions).toEqual(['read', 'search', 'write', 'sync']);
    expect(toggleAction('editor', without, 'delete')).toEqual(FULL_SCOPE);
    expect(toBounds('editor', FULL_SCOPE)).toEqual({ ok: true, body: { actions: null, storeIds: null } });
  });

  it('is rejected when no action or no store is left', () => {
    const none = toggleAction('viewer', toggleAction('viewer', FULL_SCOPE, 'read'), 'search');
    expect(toBounds('viewer', none)).toMatchObject({ ok: false, field: 'actions' });
    expect(toBounds('viewer', { actions: null, stores: [] })).toMatchObject({ ok: false, field: 'stores' });
  });

  it('sends the ids of the stores and only actions that the role includes', () => {
    expect(toBounds('viewer', { actions: ['read', 'write'], stores: [{ id: 'vs_a', name: 'A' }] })).toEqual({
      ok: true,
      body: { actions: ['read'], storeIds: ['vs_a'] },
    });
  });
});
