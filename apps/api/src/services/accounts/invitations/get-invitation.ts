import { AppError, toSeconds } from '@espejo/core';
import type { InvitationRow, Repositories } from '@espejo/db';
import type { AccountContext } from '../account-context.ts';
import type { InvitationPreview } from '../views.ts';
import { hashOfInvitation } from './invitation-token.ts';

/** Returns what the invitation of a token grants. Throws `invitation_not_found`. */
export async function getInvitation(
  { db, clock }: Pick<AccountContext, 'db' | 'clock'>,
  { token }: { readonly token: string },
): Promise<InvitationPreview> {
  const row = await findOpenInvitation(db.read, token, clock.nowMs());
  const { tenantId, tenantName, email, role, invitedBy, expiresAtMs } = row;
  return {
    tenant: { id: tenantId, name: tenantName },
    email,
    role,
    invitedBy,
    expiresAt: toSeconds(expiresAtMs),
    hasAccount: (await db.read.accounts.findByEmail(email)) !== undefined,
  };
}

/**
 * Returns the invitation of a token. Throws `invitation_not_found`, the same for an expired one as for one that never
 * existed.
 */
export async function findOpenInvitation(
  read: Pick<Repositories, 'people'>,
  token: string,
  nowMs: number,
): Promise<InvitationRow & { readonly tenantName: string }> {
  const row = await read.people.findInvitationByHash(hashOfInvitation(token));
  if (row === undefined || row.expiresAtMs <= nowMs) throw invitationNotFound();
  return row;
}

export function invitationNotFound(): AppError {
  return new AppError(
    'invitation_not_found',
    'There is no such invitation. It may have expired, been used or been revoked: ask for a new one.',
  );
}
