import { AppError, asSystem } from '@espejo/core';
import type { AccountContext } from './account-context.ts';

import { isOidcProvider } from './oidc/link-to-issuer.ts';

const SECRET_HEX = 24;

/**
 * For a user with shell access: gives an account a new random password, ends its sessions, and removes its links to
 * issuers, so that the present owner of the address can link it again. Returns the password, which is stored nowhere.
 * Throws `member_not_found` when there is no such account.
 */
export async function resetPassword(
  deps: Pick<AccountContext, 'clock' | 'randomHex'> & {
    readonly accounts: Pick<AccountContext['accounts'], 'auth' | 'operatorTenantId'>;
  },
  { email }: { readonly email: string },
): Promise<string> {
  const { auth, operatorTenantId } = deps.accounts;
  const password = deps.randomHex(SECRET_HEX);
  const hash = await auth.hashPassword(password);
  await auth.transaction(async (tx) => {
    const found = await tx.accounts.findByEmail(email.toLowerCase());
    if (found === undefined) throw new AppError('member_not_found', `There is no account for ${email}.`);
    await auth.setPassword(found.user.id, hash);
    await tx.accounts.endSessions(found.user.id);
    const links = (await tx.accounts.providersOf(found.user.id)).filter(isOidcProvider);
    await tx.accounts.removeProviders(found.user.id, links);
    await tx.audit.append(asSystem(operatorTenantId, 'reset-password'), {
      atMs: deps.clock.nowMs(),
      action: 'account.password_reset',
      subject: found.user.id,
      outcome: 'done',
      detail: { email: found.user.email },
    });
  });
  return password;
}
