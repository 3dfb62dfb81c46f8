import { AppError } from '@espejo/core';
import type { AccountContext, Browser } from '../account-context.ts';
import type { UserSession } from './find-user-session.ts';
import { whoIs } from './open-session.ts';

/** Switches this session, and no other, to another tenant of the user. Throws `tenant_not_found`. */
export async function switchTenant(
  deps: AccountContext,
  input: { readonly session: UserSession; readonly tenantId: string; readonly browser: Browser },
): Promise<void> {
  const { session, tenantId, browser } = input;
  await deps.db.transaction(async (tx) => {
    const member = await tx.people.findMemberOfUser(tenantId, session.userId);
    if (member?.isConfirmed !== true)
      throw new AppError('tenant_not_found', `There is no tenant with id '${tenantId}'.`);
    await tx.accounts.moveSession(session.id, tenantId);
    await tx.audit.append(whoIs(browser, tenantId, session.email), {
      atMs: deps.clock.nowMs(),
      action: 'session.moved',
      subject: session.userId,
      outcome: 'done',
      detail: { from: session.place?.id ?? null },
    });
  });
}
