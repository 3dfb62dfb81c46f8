import type { Action, CreateApiKeyBody, Role } from '@espejo/contracts';
import { ACTION_NAMES, ACTIONS, isRoleAtLeast } from '@espejo/core';
import type { PickedStore } from '#components/store-picker.tsx';

/** The actions and stores that a new key is limited to, within its role. */
export interface KeyScope {
  /** Null: every action of its role. */
  readonly actions: readonly Action[] | null;
  /** Null: all stores. */
  readonly stores: readonly PickedStore[] | null;
}

export const FULL_SCOPE: KeyScope = { actions: null, stores: null };

/** The actions that a role includes, lowest required role first. */
export function actionsOfRole(role: Role): readonly Action[] {
  return ACTION_NAMES.filter((action) => isRoleAtLeast(role, ACTIONS[action]));
}

/** Adds or removes an action. Every action of the role becomes null, which also covers actions the role gets later. */
export function toggleAction(role: Role, scope: KeyScope, action: Action): KeyScope {
  const possible = actionsOfRole(role);
  const chosen = new Set(scope.actions ?? possible);
  if (!chosen.delete(action)) chosen.add(action);
  const actions = possible.filter((one) => chosen.has(one));
  return { ...scope, actions: actions.length === possible.length ? null : actions };
}

/** The scope for the request, or the field that is invalid and why. */
export function toBounds(
  role: Role,
  { actions, stores }: KeyScope,
):
  | { readonly ok: true; readonly body: Pick<CreateApiKeyBody, 'actions' | 'storeIds'> }
  | { readonly ok: false; readonly field: 'actions' | 'stores'; readonly reason: string } {
  const kept = actions === null ? null : actionsOfRole(role).filter((action) => actions.includes(action));
  if (kept?.length === 0) return { ok: false, field: 'actions', reason: 'Choose at least one action' };
  if (stores?.length === 0) return { ok: false, field: 'stores', reason: 'Choose at least one store' };
  return { ok: true, body: { actions: kept, storeIds: stores === null ? null : stores.map((store) => store.id) } };
}
