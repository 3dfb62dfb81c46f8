import { describe, expect, it } from 'vitest';
import { actionsOfRole, FULL_SCOPE, toBounds, toggleAction } from './key-scope.ts';

describe('the scope of a key', () => {
  it('offers what the role may do', () => {
    expect(actionsOfRole('viewer')).toEqual(['read', 'search']);
    expect(actionsOfRole('owner')).toContain('own');
  });

  it('is no bound while everything is chosen', () => {
    const without = toggleAction('editor', FULL_SCOPE, 'delete');
    expect(without.actions).toEqual(['read', 'search', 'write', 'sync']);
    expect(toggleAction('editor', without, 'delete')).toEqual(FULL_SCOPE);
    expect(toBounds('editor', FULL_SCOPE)).toEqual({ ok: true, body: { actions: null, storeIds: null } });
  });

  it('is refused when nothing is left of it', () => {
    const none = toggleAction('viewer', toggleAction('viewer', FULL_SCOPE, 'read'), 'search');
    expect(toBounds('viewer', none)).toMatchObject({ ok: false, field: 'actions' });
    expect(toBounds('viewer', { actions: null, stores: [] })).toMatchObject({ ok: false, field: 'stores' });
  });

  it('sends the ids of the stores, and no action that the role does not have', () => {
    expect(toBounds('viewer', { actions: ['read', 'write'], stores: [{ id: 'vs_a', name: 'A' }] })).toEqual({
      ok: true,
      body: { actions: ['read'], storeIds: ['vs_a'] },
    });
  });
});
