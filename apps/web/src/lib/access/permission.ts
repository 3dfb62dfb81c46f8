import type { Action, CurrentSession, Role, WhoAmI } from '@espejo/contracts';
import { ACTIONS, isRoleAtLeast } from '@espejo/core';

/** The permissions of the current session. The API decides; the console only predicts its answer. */
export interface Access {
  readonly role: Role | null;
  /** Higher roles in some stores. */
  readonly grants: CurrentSession['grants'];
  /** The actions a key is limited to; null: every action of its role. */
  readonly actions: WhoAmI['actions'];
  /** The stores a key is limited to; null: all. */
  readonly storeIds: WhoAmI['storeIds'];
}

export type Permission =
  | { readonly isAllowed: true; readonly reason: null }
  | {
      readonly isAllowed: false;
      /** What is required; shown on the disabled button. */
      readonly reason: string;
    };

const ALLOWED: Permission = { isAllowed: true, reason: null };

/** Whether an action is allowed in one store, or in the whole tenant when no store is given. */
export function permissionOf(access: Access, action: Action, storeId?: string): Permission {
  const { role, grants, actions, storeIds } = access;
  if (role === null) return refused('Your permissions are still loading.');
  if (actions !== null && !actions.includes(action)) return refused(`This key does not have the '${action}' scope.`);
  if (storeIds !== null && (storeId === undefined || !storeIds.includes(storeId)))
    return refused('This key is limited to certain stores.');
  const needed = ACTIONS[action];
  const granted = grants.find((grant) => grant.storeId === storeId)?.role;
  if (isRoleAtLeast(role, needed) || (granted !== undefined && isRoleAtLeast(granted, needed))) return ALLOWED;
  return refused(`Requires the ${needed} role; yours is ${role}.`);
}

function refused(reason: string): Permission {
  return { isAllowed: false, reason };
}
