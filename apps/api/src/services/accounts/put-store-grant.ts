import type { StoreGrant } from '@espejo/contracts';
import { type Authorized, vectorStoreNotFound } from '@espejo/core';
import type { StoreGrantRow } from '@espejo/db';
import type { AccountDeps } from './account-deps.ts';
import { findMember } from './list-members.ts';
import { presentStoreGrant } from './list-store-grants.ts';

/** Lets a member do more in one store. Throws `member_not_found` and `vector_store_not_found`. */
export async function putStoreGrant(
  { db, clock }: Pick<AccountDeps, 'db' | 'clock'>,
  input: {
    readonly by: Authorized<'own'>;
    readonly memberId: string;
    readonly storeId: string;
    readonly role: StoreGrantRow['role'];
  },
): Promise<StoreGrant> {
  const { by, memberId, storeId, role } = input;
  const { tenantId } = by;
  const nowMs = clock.nowMs();
  return db.transaction(async (tx) => {
    const member = await findMember(tx, tenantId, memberId);
    const store = await tx.vectorStores.find(tenantId, storeId);
    if (store === undefined) throw vectorStoreNotFound(storeId);
    const row = { tenantId, memberId, storeId, role, grantedBy: by.actor, createdAtMs: nowMs };
    await tx.people.putGrant(row);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'store_grant.given',
      subject: storeId,
      outcome: 'done',
      detail: { member: memberId, email: member.email, role },
    });
    return presentStoreGrant(row, store.name);
  });
}
