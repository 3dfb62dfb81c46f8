import type { Invitation } from '@espejo/contracts';
import type { InvitationRow } from '@espejo/db';
import { toSeconds } from '../sync/present-run.ts';
import type { AccountDeps } from './account-deps.ts';

/** The invitations into a tenant that nobody accepted yet, the newest first. */
export async function listInvitations(
  { db, clock }: Pick<AccountDeps, 'db' | 'clock'>,
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
