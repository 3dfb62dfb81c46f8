import { type Authorized, assertMayGive, type Giver, vectorStoreNotFound } from '@espejo/core';
import type { StoreGrantRow } from '@espejo/db';
import type { AccountContext } from '../account-context.ts';
import type { StoreGrant } from '../views.ts';
import { findMember } from './list-members.ts';
import { presentStoreGrant } from './list-store-grants.ts';

/**
 * Grants a member a higher role in one store, at most the role of the granter. Throws `member_not_found`,
 * `vector_store_not_found`, `role_insufficient` and `scope_insufficient`.
 */
export async function putStoreGrant(
  { db, clock }: Pick<AccountContext, 'db' | 'clock'>,
  input: {
    readonly by: Authorized<'own'>;
    readonly maker: Giver;
    readonly memberId: string;
    readonly storeId: string;
    readonly role: StoreGrantRow['role'];
  },
): Promise<StoreGrant> {
  const { by, maker, memberId, storeId, role } = input;
  const { tenantId } = by;
  const nowMs = clock.nowMs();
  return db.transaction(async (tx) => {
    const member = await findMember(tx, tenantId, memberId);
    const store = await tx.vectorStores.find(tenantId, storeId);
    if (store === undefined) throw vectorStoreNotFound(storeId);
    assertMayGive(maker, { role, actions: null, storeIds: [storeId] });
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
