import { toSeconds } from '@espejo/core';
import type { InvitationRow } from '@espejo/db';
import type { AccountContext } from '../account-context.ts';
import type { Invitation } from '../views.ts';

/** The open invitations of a tenant, newest first. */
export async function listInvitations(
  { db, clock }: Pick<AccountContext, 'db' | 'clock'>,
  { tenantId }: { readonly tenantId: string },
): Promise<{ data: Invitation[] }> {
  const rows = await db.read.people.listInvitations(tenantId);
  return { data: rows.map((row) => presentInvitation(row, clock.nowMs())) };
}

export function presentInvitation(row: InvitationRow, nowMs: number): Invitation {
  const { id, email, role, invitedBy, createdAtMs, expiresAtMs } = row;
  return {
    id,
    email,
    role,
    invitedBy,
    createdAt: toSeconds(createdAtMs),
    expiresAt: toSeconds(expiresAtMs),
    state: expiresAtMs > nowMs ? 'pending' : 'expired',
  };
}
