import type { Tenant } from '@espejo/contracts';
import { toSeconds } from '../sync/present-run.ts';
import type { AccountDeps } from './account-deps.ts';
import { assertOperator, type MaybeOperator } from './operators.ts';

/** Every tenant of this installation, the oldest first. Throws `operator_required`. */
export async function listTenants(
  deps: Pick<AccountDeps, 'db' | 'accounts'>,
  { operator }: { readonly operator: MaybeOperator },
): Promise<{ data: Tenant[] }> {
  await assertOperator(deps, operator);
  const rows = await deps.db.read.people.listTenants();
  return {
    data: rows.map(({ id, name, createdAtMs, memberCount }) => ({
      id,
      name,
      createdAt: toSeconds(createdAtMs),
      memberCount,
    })),
  };
}
