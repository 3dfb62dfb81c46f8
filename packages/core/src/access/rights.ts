import { AppError } from '../errors.ts';
import { ACTION_NAMES, ACTIONS, type Action } from './actions.ts';
import type { Principal } from './authorize.ts';
import { isRoleAtLeast } from './roles.ts';

/** What a principal may do: a role, and the actions and stores it is limited to. */
export type Rights = Pick<Principal, 'role' | 'actions' | 'storeIds'>;

/** The rights of a principal that gives rights to others, and when they end. */
export type Giver = Rights & Pick<Principal, 'endsAtMs'>;

/** The allowed actions, the one with the lowest role first: those of the role that are within the scopes. Pure. */
export function actionsOf({ role, actions }: Pick<Rights, 'role' | 'actions'>): readonly Action[] {
  return ACTION_NAMES.filter((name) => isRoleAtLeast(role, ACTIONS[name]) && (actions?.includes(name) ?? true));
}

/**
 * Checks that a principal has all the rights that it gives to a key or a member. Throws `role_insufficient` when the
 * given role is above its own, and `scope_insufficient` when an action or a store is outside the scopes of a key.
 */
export function assertMayGive(giver: Rights, given: Rights): void {
  if (!isRoleAtLeast(giver.role, given.role)) {
    throw new AppError(
      'role_insufficient',
      `Your role is '${giver.role}', so you cannot give the role '${given.role}'.`,
      {
        details: { role: giver.role, needed: given.role },
      },
    );
  }
  const own = actionsOf(giver);
  const beyond = actionsOf(given).filter((action) => !own.includes(action));
  if (beyond.length > 0) {
    throw new AppError(
      'scope_insufficient',
      `This key may not '${beyond.join("', '")}', so it cannot give that to others. It is limited to: ${own.join(', ')}.`,
      { details: { needed: beyond, actions: own } },
    );
  }
  const { storeIds } = giver;
  if (storeIds === null || given.storeIds?.every((id) => storeIds.includes(id))) return;
  throw new AppError(
    'scope_insufficient',
    'This key is limited to single vector stores and cannot give rights beyond them.',
    {
      details: { storeIds },
    },
  );
}

/**
 * Checks that a key made by a key ends no later than its maker: otherwise a key that expires could prolong itself for
 * ever. `null` is never. Throws `scope_insufficient`.
 */
export function assertEndsInTime(makerEndsAtMs: number | null, madeEndsAtMs: number | null): void {
  if (makerEndsAtMs === null || (madeEndsAtMs !== null && madeEndsAtMs <= makerEndsAtMs)) return;
  const expiresAt = Math.floor(makerEndsAtMs / 1000);
  throw new AppError(
    'scope_insufficient',
    `This key expires at ${new Date(makerEndsAtMs).toISOString()}, so a key it makes must expire by then. Use a shorter life, or a key that lasts longer.`,
    { details: { expiresAt } },
  );
}
