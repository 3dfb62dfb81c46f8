import { AppError, type Authorized } from '@espejo/core';
import type { AccountContext } from '../account-context.ts';

import { findMember } from './list-members.ts';

/** Removes the grant in one store. Throws `member_not_found` and `store_grant_not_found`. */
export async function removeStoreGrant(
  { db, clock }: Pick<AccountContext, 'db' | 'clock'>,
  { by, memberId, storeId }: { readonly by: Authorized<'own'>; readonly memberId: string; readonly storeId: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const member = await findMember(tx, by.tenantId, memberId);
    const row = await tx.people.findGrant(by.tenantId, memberId, storeId);
    if (row === undefined) {
      throw new AppError('store_grant_not_found', `This member has no grant in the store '${storeId}'.`);
    }
    await tx.people.removeGrant(by.tenantId, memberId, storeId);
    await tx.audit.append(by, {
      atMs: clock.nowMs(),
      action: 'store_grant.taken',
      subject: storeId,
      outcome: 'done',
      detail: { member: memberId, email: member.email, role: row.role },
    });
  });
}
