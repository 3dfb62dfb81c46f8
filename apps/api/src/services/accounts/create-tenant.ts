import type { CreatedTenant } from '@espejo/contracts';
import { AppError, type Authorized, prefixedId } from '@espejo/core';
import { toSeconds } from '../sync/present-run.ts';
import type { AccountDeps } from './account-deps.ts';
import { inviteInto } from './create-invitation.ts';
import { assertOperator, type MaybeOperator } from './operators.ts';
import { assertSetUp } from './set-up-owner.ts';

/**
 * Makes a tenant, owned by whoever makes it, or by the one they name, who is invited. Throws `operator_required`,
 * `setup_needed`, and `invalid_request` when a key names nobody.
 */
export async function createTenant(
  deps: AccountDeps,
  input: {
    readonly by: Authorized<'own'>;
    readonly operator: MaybeOperator;
    readonly name: string;
    readonly ownerEmail: string | undefined;
  },
): Promise<CreatedTenant> {
  const { by, operator, name, ownerEmail } = input;
  await assertOperator(deps, operator);
  await assertSetUp(deps);
  const userId = operator.session?.userId;
  if (ownerEmail === undefined && userId === undefined) {
    throw new AppError('invalid_request', 'ownerEmail: a key is no person, so it must name the owner of the tenant.');
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
