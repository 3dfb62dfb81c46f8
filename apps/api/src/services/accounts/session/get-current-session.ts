import type { Identity } from '@espejo/core';
import type { AccountContext } from '../account-context.ts';
import { listOwnInvitations } from '../invitations/own-invitations.ts';
import { OIDC_START_PATH } from '../oidc/start-oidc-sign-in.ts';
import { isOperator, type MaybeOperator } from '../operators.ts';
import type { CurrentSession } from '../views.ts';
import type { UserSession } from './find-user-session.ts';

/** The principal of a request, as the console needs it. */
export async function getCurrentSession(deps: AccountContext, input: MaybeOperator): Promise<CurrentSession> {
  const { identity, session } = input;
  const { accounts, people } = deps.db.read;
  const { oidc } = deps.accounts;
  const hasAccounts = await accounts.hasAny();
  const tenant = session?.place ?? (await findTenant(deps, identity?.tenantId));
  return {
    state: stateOf(input, hasAccounts),
    hasAccounts,
    user: session && { id: session.userId, email: session.email, name: session.name },
    tenant: tenant && { id: tenant.id, name: tenant.name },
    tenants: session === null ? [] : await people.tenantsOf(session.userId),
    invitations: session === null ? [] : await listOwnInvitations(deps, session),
    role: identity?.role ?? null,
    grants: Object.entries(identity?.grants ?? {}).map(([storeId, role]) => ({ storeId, role })),
    actor: identity?.actor ?? null,
    isOperator: await isOperator(deps, input),
    signIn: { password: true, oidc: oidc && { name: oidc.name, url: OIDC_START_PATH } },
  };
}

function stateOf(
  { identity, session }: { readonly identity: Identity | null; readonly session: UserSession | null },
  hasAccounts: boolean,
): CurrentSession['state'] {
  if (session !== null) return 'signed_in';
  if (identity === null) return 'signed_out';
  return hasAccounts || identity.role !== 'owner' ? 'trusted' : 'setup';
}

async function findTenant(
  { db }: AccountContext,
  id: string | undefined,
): Promise<{ readonly id: string; readonly name: string } | null> {
  if (id === undefined) return null;
  return (await db.read.people.findTenant(id)) ?? null;
}
