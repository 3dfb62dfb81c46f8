import { prefixedId, type Role, type Who } from '@espejo/core';
import type { Database, Repositories } from '@espejo/db';
import type { Clock, RandomHex } from '../../ports.ts';
import type { OidcSettings } from './account-deps.ts';

interface JoinDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly oidc: OidcSettings | null;
  readonly operatorTenantId: string;
}

/** Whether an account may come into being for somebody the OIDC issuer vouches for: by invitation, or by their domain. */
export async function mayJoinByOidc(
  deps: Pick<JoinDeps, 'db' | 'clock' | 'oidc'>,
  person: { readonly email: string; readonly emailVerified: boolean },
): Promise<boolean> {
  const { accounts, people } = deps.db.read;
  // The first account is made by setup: else the first stranger of an allowed domain would end the first visit.
  if (!person.emailVerified || !(await accounts.hasAny())) return false;
  if (isAllowedDomain(deps.oidc, person.email)) return true;
  return (await people.listInvitationsTo(person.email, deps.clock.nowMs())).length > 0;
}

/**
 * Lets somebody new of an allowed domain into the first tenant, as a viewer. Only when their account is made: whoever is
 * removed stays removed, until somebody invites them.
 */
export async function joinByDomain(
  deps: JoinDeps,
  user: { readonly id: string; readonly email: string; readonly emailVerified: boolean },
): Promise<void> {
  const { id, email } = user;
  if (!user.emailVerified || !isAllowedDomain(deps.oidc, email)) return;
  const nowMs = deps.clock.nowMs();
  const who = whoOf(deps.operatorTenantId, email);
  await deps.db.transaction((tx) =>
    join(tx, deps, { who, userId: id, role: 'viewer', nowMs, detail: { domain: domainOf(email) } }),
  );
}

/**
 * Before a session opens through OIDC: accepts the invitations to the person's address. Gives the tenant to work in;
 * null: they are in none. The session itself is better-auth's next write, a transaction of its own.
 */
export async function joinByOidc(deps: JoinDeps, userId: string): Promise<string | null> {
  const nowMs = deps.clock.nowMs();
  return deps.db.transaction(async (tx) => {
    const user = await tx.accounts.find(userId);
    if (user === undefined) return null;
    const { email } = user;
    for (const { tenantId, id, role } of await tx.people.listInvitationsTo(email, nowMs)) {
      await join(tx, deps, { who: whoOf(tenantId, email), userId, role, nowMs, detail: { invitation: id } });
      await tx.people.removeInvitation(tenantId, id);
    }
    const [tenant] = await tx.people.tenantsOf(userId);
    if (tenant === undefined) return null;
    await tx.audit.append(whoOf(tenant.id, email), {
      atMs: nowMs,
      action: 'session.opened',
      subject: userId,
      outcome: 'done',
      detail: { by: 'oidc' },
    });
    return tenant.id;
  });
}

async function join(
  tx: Repositories,
  deps: JoinDeps,
  input: {
    readonly who: Who;
    readonly userId: string;
    readonly role: Role;
    readonly nowMs: number;
    readonly detail: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { who, userId, role, nowMs, detail } = input;
  const { tenantId } = who;
  if ((await tx.people.findMemberOfUser(tenantId, userId)) !== undefined) return;
  const id = prefixedId('mem', nowMs, deps.randomHex);
  await tx.people.addMember({ tenantId, id, userId, role, createdAtMs: nowMs });
  await tx.audit.append(who, {
    atMs: nowMs,
    action: 'member.joined',
    subject: id,
    outcome: 'done',
    detail: { role, ...detail },
  });
}

function whoOf(tenantId: string, email: string): Who {
  return { tenantId, actor: email, requestId: null, address: null };
}

function isAllowedDomain(oidc: OidcSettings | null, email: string): boolean {
  return oidc?.allowedDomains.includes(domainOf(email)) ?? false;
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}
