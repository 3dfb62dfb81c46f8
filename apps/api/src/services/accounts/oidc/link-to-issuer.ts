import { AppError } from '@espejo/core';
import type { Repositories, UserRow } from '@espejo/db';
import { stateOf } from '../../api-keys/manage-api-keys.ts';
import type { AccountContext, Browser } from '../account-context.ts';
import { CREDENTIAL } from '../auth.ts';
import { whoIs } from '../session/open-session.ts';

const PREFIX = 'oidc ';

/** The key of a link to an issuer: the same subject at another issuer may be another person. */
export function oidcProviderId(issuer: string): string {
  return `${PREFIX}${issuer}`;
}

export function isOidcProvider(providerId: string): boolean {
  return providerId.startsWith(PREFIX);
}

/**
 * Call in `auth.transaction`. Links the issuer's user to the account of their address. When the address was never
 * proven, another person may have made the account: its password and sessions are removed in the same transaction, and
 * its memberships count only once the user confirms them. API keys made under the address belong to their tenants and
 * stay; the audit says how many there are. Throws `account_of_another` when the account is already linked to another
 * subject of the issuer.
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
      'The account of this address is linked to another user of the sign-in service. Ask an operator to reset it.',
    );
  }
  await auth.linkProvider(user.id, { providerId, accountId: subject });
  const tenantIds = (await tx.people.tenantsOf(user.id)).map(({ id }) => id);
  const ended = user.emailVerified
    ? { passwordRemoved: false, sessionsEnded: 0 }
    : await removeOldCredentials(tx, user.id);
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

async function removeOldCredentials(
  tx: Repositories,
  userId: string,
): Promise<{ readonly passwordRemoved: boolean; readonly sessionsEnded: number }> {
  const passwordRemoved = await tx.accounts.removeProviders(userId, [CREDENTIAL]);
  const sessionsEnded = await tx.accounts.endSessions(userId);
  await tx.people.unconfirmMemberships(userId);
  await tx.accounts.markVerified(userId);
  return { passwordRemoved, sessionsEnded };
}
