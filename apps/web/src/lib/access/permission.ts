import type { Action, CurrentSession, Role, WhoAmI } from '@espejo/contracts';
import { ACTIONS, isRoleAtLeast } from '@espejo/core';

/** What somebody may do, as the API decides it: the console only says beforehand what it would answer. */
export interface Access {
  readonly role: Role | null;
  /** Higher roles in single stores. */
  readonly grants: CurrentSession['grants'];
  /** What a key is held to; null: all its role may do. */
  readonly actions: WhoAmI['actions'];
  /** The stores a key is held to; null: all. */
  readonly storeIds: WhoAmI['storeIds'];
}

export type Permission =
  | { readonly isAllowed: true; readonly reason: null }
  | {
      readonly isAllowed: false;
      /** What is needed, for whoever finds the button asleep. */
      readonly reason: string;
    };

const ALLOWED: Permission = { isAllowed: true, reason: null };

const ROLE_NOUNS: Readonly<Record<Role, string>> = {
  viewer: 'a viewer',
  editor: 'an editor',
  admin: 'an admin',
  owner: 'an owner',
};

/** Whether an act in one store, or in the whole tenant when none is named, would be let through. */
export function permissionOf(access: Access, action: Action, storeId?: string): Permission {
  const { role, grants, actions, storeIds } = access;
  if (role === null) return refused('Not known yet: the console is still asking who you are.');
  if (actions !== null && !actions.includes(action)) return refused(`This key may not ${action}.`);
  if (storeIds !== null && (storeId === undefined || !storeIds.includes(storeId)))
    return refused('This key is held to single stores.');
  const needed = ACTIONS[action];
  const granted = grants.find((grant) => grant.storeId === storeId)?.role;
  if (isRoleAtLeast(role, needed) || (granted !== undefined && isRoleAtLeast(granted, needed))) return ALLOWED;
  return refused(`It takes ${ROLE_NOUNS[needed]}; you are ${ROLE_NOUNS[role]}.`);
}

function refused(reason: string): Permission {
  return { isAllowed: false, reason };
}
