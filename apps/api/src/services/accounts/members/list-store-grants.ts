import { toSeconds } from '@espejo/core';
import type { StoreGrantRow } from '@espejo/db';
import type { AccountContext } from '../account-context.ts';
import type { StoreGrant } from '../views.ts';
import { findMember } from './list-members.ts';

/** The stores in which a member has more permissions than by their role. Throws `member_not_found`. */
export async function listStoreGrants(
  { db }: Pick<AccountContext, 'db'>,
  { tenantId, memberId }: { readonly tenantId: string; readonly memberId: string },
): Promise<{ data: StoreGrant[] }> {
  await findMember(db.read, tenantId, memberId);
  const rows = await db.read.people.listGrants(tenantId, memberId);
  return { data: rows.map((row) => presentStoreGrant(row, row.storeName)) };
}

export function presentStoreGrant(row: StoreGrantRow, storeName: string | null): StoreGrant {
  const { storeId, role, grantedBy, createdAtMs } = row;
  return { storeId, storeName, role, grantedBy, grantedAt: toSeconds(createdAtMs) };
}
