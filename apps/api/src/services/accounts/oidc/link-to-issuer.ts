import { AppError } from '@espejo/core';
import type { Repositories, UserRow } from '@espejo/db';
import { stateOf } from '../../api-keys/manage-api-keys.ts';
import type { AccountContext, Browser } from '../account-context.ts';
import { CREDENTIAL } from '../auth.ts';
import { whoIs } from '../session/open-session.ts';

const PREFIX = 'oidc ';

/** How a link to an issuer is kept: a subject is somebody at that issuer, and may be another person at the next. */
export function oidcProviderId(issuer: string): string {
  return `${PREFIX}${issuer}`;
}

export function isOidcProvider(providerId: string): boolean {
  return providerId.startsWith(PREFIX);
}

/**
 * In `auth.transaction`: lets somebody sign in through the issuer to the account of their address. Where nobody had shown
 * that the address is theirs, whoever made the account may be somebody else: its password and all its sessions end
 * with the same act, and what it is a member of counts only once the person confirms it. Keys made under the address
 * belong to their tenants and go on; the audit of each says how many there are. Throws `account_of_another` when somebody else at the
 * issuer is linked to the account already.
 */
export async function linkToIssuer(
  deps: AccountContext,
  tx: Repositories,
  input: { readonly user: UserRow; readonly issuer: string; readonly subject: string; readonly browser: Browser },
): Promise<void> {
  const { user, issuer, subject, browser } = input;
  const { auth, operatorTenantId } = deps.accounts;
  const providerId = oidcProviderId(issuer);
  if ((await tx.accounts.providersOf(user.id)).includes(providerId)) {
    throw new AppError(
      'account_of_another',
      'The account of this address belongs to somebody else at the sign-in service. Ask an operator to reset it.',
    );
  }
  await auth.linkProvider(user.id, { providerId, accountId: subject });
  const tenantIds = (await tx.people.tenantsOf(user.id)).map(({ id }) => id);
  const ended = user.emailVerified ? { passwordRemoved: false, sessionsEnded: 0 } : await dropWhatWasThere(tx, user.id);
  const nowMs = deps.clock.nowMs();
  for (const tenantId of new Set([...tenantIds, operatorTenantId])) {
    const keys = (await tx.apiKeys.list(tenantId)).filter(
      (key) => key.createdBy === user.email && stateOf(key, nowMs) === 'active',
    );
    await tx.audit.append(whoIs(browser, tenantId, user.email), {
      atMs: nowMs,
      action: 'account.linked',
      subject: user.id,
      outcome: 'done',
      detail: { issuer, ...ended, keysMadeBefore: keys.length },
    });
  }
}

async function dropWhatWasThere(
  tx: Repositories,
  userId: string,
): Promise<{ readonly passwordRemoved: boolean; readonly sessionsEnded: number }> {
  const passwordRemoved = await tx.accounts.removeProviders(userId, [CREDENTIAL]);
  const sessionsEnded = await tx.accounts.endSessions(userId);
  await tx.people.unconfirmMemberships(userId);
  await tx.accounts.markVerified(userId);
  return { passwordRemoved, sessionsEnded };
}
