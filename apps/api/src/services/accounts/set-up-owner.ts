import { AppError, type Authorized, prefixedId } from '@espejo/core';
import type { AccountContext, Browser } from './account-context.ts';
import { type OpenedSession, openSession } from './session/open-session.ts';

/**
 * Creates the first account, an owner of the first tenant, and signs them in. From then on local requests and the
 * console are no longer trusted without credentials. Throws `setup_done`.
 */
export async function setUpOwner(
  deps: AccountContext,
  input: {
    readonly by: Authorized<'own'>;
    readonly browser: Browser;
    readonly name: string;
    readonly email: string;
    readonly password: string;
  },
): Promise<OpenedSession> {
  const { by, browser, name, email, password } = input;
  const { auth, lanes, operatorTenantId } = deps.accounts;
  if (await deps.db.read.accounts.hasAny()) throw setupDone();
  const hash = await lanes.unrecognised.run(() => auth.hashPassword(password));
  return auth.transaction(async (tx) => {
    if (await tx.accounts.hasAny()) throw setupDone();
    const nowMs = deps.clock.nowMs();
    const userId = await auth.createUser({ name, email, hash, isEmailVerified: true });
    const id = prefixedId('mem', nowMs, deps.randomHex);
    await tx.people.addMember({ tenantId: operatorTenantId, id, userId, role: 'owner', createdAtMs: nowMs });
    await tx.audit.append(
      { ...by, tenantId: operatorTenantId },
      { atMs: nowMs, action: 'owner.set_up', subject: userId, outcome: 'done', detail: { email } },
    );
    return openSession(deps, tx, { user: { id: userId, email }, tenantId: operatorTenantId, browser, by: 'setup' });
  });
}

function setupDone(): AppError {
  return new AppError(
    'setup_done',
    'This installation already has an owner. Sign in, or ask an owner for an invitation.',
  );
}

/**
 * No user can join before the first owner: the first account ends the trust in unauthenticated requests. Throws
 * `setup_needed`.
 */
export async function assertSetUp({ db }: Pick<AccountContext, 'db'>): Promise<void> {
  if (await db.read.accounts.hasAny()) return;
  throw new AppError('setup_needed', 'Create the first account, the owner, before inviting others: POST /api/setup.');
}
