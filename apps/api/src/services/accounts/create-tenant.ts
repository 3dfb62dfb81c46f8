import { AppError, type ByOperator, prefixedId, toSeconds } from '@espejo/core';
import type { AccountContext } from './account-context.ts';
import { inviteInto } from './invitations/create-invitation.ts';
import type { UserSession } from './session/find-user-session.ts';
import { assertSetUp } from './set-up-owner.ts';
import type { CreatedTenant } from './views.ts';

/**
 * Creates a tenant. Its owner is the caller, or the user they name, who is invited. Throws `setup_needed`, and
 * `invalid_request` when an API key names no owner.
 */
export async function createTenant(
  deps: AccountContext,
  input: {
    readonly by: ByOperator;
    readonly session: UserSession | null;
    readonly name: string;
    readonly ownerEmail: string | undefined;
  },
): Promise<CreatedTenant> {
  const { by, session, name, ownerEmail } = input;
  await assertSetUp(deps);
  const userId = session?.userId;
  if (ownerEmail === undefined && userId === undefined) {
    throw new AppError(
      'invalid_request',
      'ownerEmail is required with an API key: it must name the owner of the tenant.',
    );
  }
  const nowMs = deps.clock.nowMs();
  const id = prefixedId('ten', nowMs, deps.randomHex);
  return deps.db.transaction(async (tx) => {
    await tx.tenants.ensure({ id, name, createdAtMs: nowMs });
    const entry = { atMs: nowMs, action: 'tenant.created', subject: id, outcome: 'done', detail: { name } };
    await tx.audit.append(by, entry);
    await tx.audit.append({ ...by, tenantId: id }, entry);
    const tenant = { id, name, createdAt: toSeconds(nowMs) };
    if (ownerEmail !== undefined) {
      const invitation = await inviteInto(deps, tx, { by, tenantId: id, email: ownerEmail, role: 'owner' });
      return { ...tenant, memberCount: 0, invitation };
    }
    if (userId !== undefined) {
      const memberId = prefixedId('mem', nowMs, deps.randomHex);
      await tx.people.addMember({ tenantId: id, id: memberId, userId, role: 'owner', createdAtMs: nowMs });
    }
    return { ...tenant, memberCount: 1, invitation: null };
  });
}
