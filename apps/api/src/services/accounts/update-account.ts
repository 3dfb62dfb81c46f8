import type { AccountContext, Browser } from './account-context.ts';
import type { UserSession } from './session/find-user-session.ts';
import { whoIs } from './session/open-session.ts';
import type { Person } from './views.ts';

/** Changes the user's own name. */
export async function updateAccount(
  deps: AccountContext,
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
