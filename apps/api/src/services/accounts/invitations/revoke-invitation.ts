import type { Authorized } from '@espejo/core';
import type { AccountContext } from '../account-context.ts';

import { invitationNotFound } from './get-invitation.ts';

/** Revokes an invitation. Throws `invitation_not_found`. */
export async function revokeInvitation(
  { db, clock }: Pick<AccountContext, 'db' | 'clock'>,
  { by, id }: { readonly by: Authorized<'own'>; readonly id: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await tx.people.findInvitation(by.tenantId, id);
    if (row === undefined) throw invitationNotFound();
    await tx.people.removeInvitation(by.tenantId, id);
    const { email, role } = row;
    await tx.audit.append(by, {
      atMs: clock.nowMs(),
      action: 'invitation.revoked',
      subject: id,
      outcome: 'done',
      detail: { email, role },
    });
  });
}
