import type { Person } from '@espejo/contracts';
import type { AccountDeps, Browser } from './account-deps.ts';
import type { UserSession } from './find-user-session.ts';
import { whoIs } from './open-session.ts';

/** Changes one's own name. */
export async function updateAccount(
  deps: AccountDeps,
  input: { readonly session: UserSession; readonly name: string; readonly browser: Browser },
): Promise<Person> {
  const { session, name, browser } = input;
  const { auth, operatorTenantId } = deps.accounts;
  await auth.transaction(async (tx) => {
    await auth.rename(session.userId, name);
    await tx.audit.append(whoIs(browser, session.place?.id ?? operatorTenantId, session.email), {
      atMs: deps.clock.nowMs(),
      action: 'account.renamed',
      subject: session.userId,
      outcome: 'done',
      detail: { from: session.name, to: name },
    });
  });
  return { id: session.userId, email: session.email, name };
}
