import type { CurrentSession } from '@espejo/contracts';
import type { Identity } from '@espejo/core';
import type { AccountDeps } from './account-deps.ts';
import type { UserSession } from './find-user-session.ts';
import { isOperator } from './operators.ts';

/** Where the browser goes to sign in through OIDC. */
export const OIDC_START_PATH = '/api/auth/sign-in/oidc';

/** Who asks, as the console needs to know it. */
export async function getCurrentSession(
  deps: AccountDeps,
  input: { readonly identity: Identity | null; readonly session: UserSession | null; readonly isAutomation: boolean },
): Promise<CurrentSession> {
  const { identity, session, isAutomation } = input;
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
    role: identity?.role ?? null,
    grants: Object.entries(identity?.grants ?? {}).map(([storeId, role]) => ({ storeId, role })),
    actor: identity?.actor ?? null,
    isOperator: await isOperator(deps, { session, isAutomation }),
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
  { db }: AccountDeps,
  id: string | undefined,
): Promise<{ readonly id: string; readonly name: string } | null> {
  if (id === undefined) return null;
  return (await db.read.people.findTenant(id)) ?? null;
}
