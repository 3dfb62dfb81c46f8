import { AppError, type Identity } from '@espejo/core';
import type { AccountContext } from './account-context.ts';

import type { UserSession } from './session/find-user-session.ts';

/** A principal that may be an operator. */
export interface MaybeOperator {
  readonly identity: Identity | null;
  readonly session: UserSession | null;
  /** ESPEJO_API_KEY. */
  readonly isAutomation: boolean;
  /** Trusted without an account or a key, because there is no account yet. */
  readonly isFirstVisit: boolean;
}

/**
 * Whether a principal is an operator of this installation: an owner of the first tenant, in whichever tenant they work;
 * ESPEJO_API_KEY; and, before the first account, the user who may create it. An API key created here never is, whatever
 * its role: it belongs to its tenant.
 */
export async function isOperator(
  { db, accounts }: Pick<AccountContext, 'db' | 'accounts'>,
  { session, isAutomation, isFirstVisit }: MaybeOperator,
): Promise<boolean> {
  if (session === null) return isAutomation || isFirstVisit;
  const member = await db.read.people.findMemberOfUser(accounts.operatorTenantId, session.userId);
  return member?.role === 'owner' && member.isConfirmed;
}

/** An operator as the audit names them, in the operators' tenant. Throws `operator_required`. */
export async function assertOperator(
  deps: Pick<AccountContext, 'db' | 'accounts'>,
  who: MaybeOperator,
): Promise<{ readonly tenantId: string; readonly actor: string }> {
  const actor = who.session?.email ?? who.identity?.actor;
  if (actor !== undefined && (await isOperator(deps, who))) {
    return { tenantId: deps.accounts.operatorTenantId, actor };
  }
  throw new AppError(
    'operator_required',
    'Only an operator of this installation may do this: an owner of its first tenant, or ESPEJO_API_KEY.',
  );
}
