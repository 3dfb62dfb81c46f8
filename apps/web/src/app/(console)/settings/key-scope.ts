import type { Action, CreateApiKeyBody, Role } from '@espejo/contracts';
import { ACTION_NAMES, ACTIONS, isRoleAtLeast } from '@espejo/core';
import type { PickedStore } from '#components/store-picker.tsx';

/** What a new key is held to beyond its role. */
export interface KeyScope {
  /** Null: all its role may do. */
  readonly actions: readonly Action[] | null;
  /** Null: all stores. */
  readonly stores: readonly PickedStore[] | null;
}

export const FULL_SCOPE: KeyScope = { actions: null, stores: null };

/** What a role may do at all, the least first. */
export function actionsOfRole(role: Role): readonly Action[] {
  return ACTION_NAMES.filter((action) => isRoleAtLeast(role, ACTIONS[action]));
}

/** Takes an action in or out; all that the role may do is no bound, also when its role grows later. */
export function toggleAction(role: Role, scope: KeyScope, action: Action): KeyScope {
  const possible = actionsOfRole(role);
  const chosen = new Set(scope.actions ?? possible);
  if (!chosen.delete(action)) chosen.add(action);
  const actions = possible.filter((one) => chosen.has(one));
  return { ...scope, actions: actions.length === possible.length ? null : actions };
}

/** The scope as the API takes it, or why it is none. */
export function toBounds(
  role: Role,
  { actions, stores }: KeyScope,
):
  | { readonly ok: true; readonly body: Pick<CreateApiKeyBody, 'actions' | 'storeIds'> }
  | { readonly ok: false; readonly field: 'actions' | 'stores'; readonly reason: string } {
  const kept = actions === null ? null : actionsOfRole(role).filter((action) => actions.includes(action));
  if (kept?.length === 0) return { ok: false, field: 'actions', reason: 'Choose at least one thing it may do' };
  if (stores?.length === 0) return { ok: false, field: 'stores', reason: 'Choose at least one store' };
  return { ok: true, body: { actions: kept, storeIds: stores === null ? null : stores.map((store) => store.id) } };
}
