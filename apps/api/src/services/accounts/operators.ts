import { AppError } from '@espejo/core';
import type { AccountDeps } from './account-deps.ts';
import type { UserSession } from './find-user-session.ts';

/** Somebody who may be an operator: a person, or the automation key. */
export interface MaybeOperator {
  readonly session: UserSession | null;
  readonly isAutomation: boolean;
}

/** Whether somebody runs this installation: an owner of the first tenant, wherever they work now, or the automation key. */
export async function isOperator(
  { db, accounts }: Pick<AccountDeps, 'db' | 'accounts'>,
  { session, isAutomation }: MaybeOperator,
): Promise<boolean> {
  if (session === null) return isAutomation;
  const member = await db.read.people.findMemberOfUser(accounts.operatorTenantId, session.userId);
  return member?.role === 'owner';
}

/** Throws `operator_required`. */
export async function assertOperator(deps: Pick<AccountDeps, 'db' | 'accounts'>, who: MaybeOperator): Promise<void> {
  if (await isOperator(deps, who)) return;
  throw new AppError(
    'operator_required',
    'Only an operator of this installation may do this: an owner of its first tenant, or ESPEJO_API_KEY.',
  );
}
