import type { Authorized } from '@espejo/core';
import type { AccountContext } from '../account-context.ts';

import { findMember } from './list-members.ts';
import { assertOtherOwner } from './update-member.ts';

/**
 * Removes a member: their sessions in this tenant end at once, and their grants are removed. Their account stays, as
 * they may be a member of other tenants. Throws `member_not_found` and `last_owner`.
 */
export async function removeMember(
  { db, clock }: Pick<AccountContext, 'db' | 'clock'>,
  { by, id }: { readonly by: Authorized<'own'>; readonly id: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const member = await findMember(tx, by.tenantId, id);
    await assertOtherOwner(tx, member);
    await tx.people.removeMember(by.tenantId, id);
    await tx.accounts.endSessions(member.userId, by.tenantId);
    await tx.audit.append(by, {
      atMs: clock.nowMs(),
      action: 'member.removed',
      subject: id,
      outcome: 'done',
      detail: { email: member.email, role: member.role },
    });
  });
}
