import { EmailAddress } from '@espejo/contracts';
import { AppError, prefixedId } from '@espejo/core';
import type { Repositories, UserRow } from '@espejo/db';
import type { AccountContext, Browser } from '../account-context.ts';
import { UNKNOWN_ACCOUNT } from '../session/failed-sign-ins.ts';
import { type OpenedSession, openSession, whoIs } from '../session/open-session.ts';
import { linkToIssuer, oidcProviderId } from './link-to-issuer.ts';
import type { OidcClient, OidcPerson, OidcSettings } from './oidc-client.ts';
import { OIDC_CALLBACK_PATH } from './start-oidc-sign-in.ts';

interface Arrival {
  readonly issuer: OidcClient;
  readonly oidc: OidcSettings;
  readonly browser: Browser;
  /** The query that the issuer sent the browser back with, with its question mark. */
  readonly search: string;
}

/**
 * The last step of a sign-in through the issuer: checks its answer, finds or creates the account, and opens a session
 * in place of the browser's earlier one. An invitation allows a user to have an account and is offered to them
 * afterwards; only the operator's list of domains creates a membership directly, in the first tenant. Each rejection is
 * audited. Throws `oidc_state_invalid`, `oidc_refused`, `oidc_token_invalid`, `oidc_unavailable`,
 * `oidc_email_unverified`, `oidc_email_invalid`, `account_of_another` and `not_invited`.
 */
export async function endOidcSignIn(deps: AccountContext, arrival: Arrival): Promise<OpenedSession> {
  const { accounts } = deps;
  let email = UNKNOWN_ACCOUNT;
  try {
    const person = await identify(deps, arrival);
    // The issuer verified the address, so it is named in the audit.
    if (person.isEmailVerified) email = EmailAddress.safeParse(person.email).data ?? email;
    return await accounts.auth.transaction((tx) => enter(deps, tx, arrival, person));
  } catch (cause) {
    if (cause instanceof AppError) {
      const who = whoIs(arrival.browser, accounts.operatorTenantId, email);
      await accounts.failures.record(who, { subject: email, reason: cause.code, isThrottled: false });
      deps.log.info({ err: cause, code: cause.code }, 'a sign-in through the issuer was rejected');
    }
    throw cause;
  }
}

async function identify(
  { clock, accounts }: AccountContext,
  { issuer, browser, search }: Arrival,
): Promise<OidcPerson> {
  const flow = accounts.cookies.readFlow(browser.cookies, clock.nowMs());
  // Built from the configured address: the host that the request names cannot be trusted.
  const callback = new URL(OIDC_CALLBACK_PATH + search, accounts.publicUrl);
  if (flow === null || callback.searchParams.get('state') !== flow.state) {
    throw new AppError(
      'oidc_state_invalid',
      'This browser did not start that sign-in, or it took longer than ten minutes. Sign in again.',
    );
  }
  return issuer.finish({ ...flow, callback });
}

/** Call in `auth.transaction`. */
async function enter(
  deps: AccountContext,
  tx: Repositories,
  arrival: Arrival,
  person: OidcPerson,
): Promise<OpenedSession> {
  const { oidc, browser } = arrival;
  const user =
    (await tx.accounts.findByProvider(oidcProviderId(oidc.issuer), person.subject)) ??
    (await linkOrMake(deps, tx, arrival, person));
  const [tenant] = await tx.people.tenantsOf(user.id);
  const mayChoose =
    (await tx.people.listUnconfirmed(user.id)).length > 0 ||
    (await tx.people.listInvitationsTo(user.email, deps.clock.nowMs())).length > 0;
  if (tenant === undefined && !mayChoose) throw notInvited();
  return openSession(deps, tx, { user, tenantId: tenant?.id ?? null, browser, by: 'oidc' });
}

async function linkOrMake(
  deps: AccountContext,
  tx: Repositories,
  { oidc, browser }: Arrival,
  person: OidcPerson,
): Promise<Pick<UserRow, 'id' | 'email'>> {
  // Only setup may create the first account: otherwise the first user of an allowed domain would become the owner.
  if (!(await tx.accounts.hasAny())) throw notInvited();
  const email = verifiedAddressOf(person);
  const found = await tx.accounts.findByEmail(email);
  const link = { issuer: oidc.issuer, subject: person.subject, browser };
  if (found !== undefined) {
    await linkToIssuer(deps, tx, { ...link, user: found.user });
    return found.user;
  }
  const isAllowed = isAllowedDomain(oidc, email);
  if (!isAllowed && (await tx.people.listInvitationsTo(email, deps.clock.nowMs())).length === 0) throw notInvited();
  const { auth, operatorTenantId } = deps.accounts;
  const id = await auth.createUser({ name: person.name ?? email, email, isEmailVerified: true });
  await auth.linkProvider(id, { providerId: oidcProviderId(oidc.issuer), accountId: person.subject });
  if (isAllowed) await joinByDomain(deps, tx, { userId: id, email, tenantId: operatorTenantId, browser });
  return { id, email };
}

/** The one parser for addresses: what is not plainly one address is rejected, never repaired. */
function verifiedAddressOf({ email, isEmailVerified }: OidcPerson): string {
  if (email === null || !isEmailVerified) {
    throw new AppError(
      'oidc_email_unverified',
      'The sign-in service has not verified your e-mail address. Verify it there, then sign in again.',
    );
  }
  const parsed = EmailAddress.safeParse(email);
  if (parsed.success) return parsed.data;
  throw new AppError('oidc_email_invalid', 'The sign-in service names an e-mail address that cannot be used here.');
}

/**
 * Adds a new user of an allowed domain to the first tenant, as a viewer, as configured by the operator. Only when their
 * account is created: a removed member stays removed until invited again.
 */
async function joinByDomain(
  deps: AccountContext,
  tx: Repositories,
  input: { readonly userId: string; readonly email: string; readonly tenantId: string; readonly browser: Browser },
): Promise<void> {
  const { userId, email, tenantId, browser } = input;
  const nowMs = deps.clock.nowMs();
  const id = prefixedId('mem', nowMs, deps.randomHex);
  await tx.people.addMember({ tenantId, id, userId, role: 'viewer', createdAtMs: nowMs });
  await tx.audit.append(whoIs(browser, tenantId, email), {
    atMs: nowMs,
    action: 'member.joined',
    subject: id,
    outcome: 'done',
    detail: { role: 'viewer', domain: domainOf(email) },
  });
}

function isAllowedDomain({ allowedDomains }: OidcSettings, email: string): boolean {
  return allowedDomains.includes(domainOf(email));
}

/** The address was parsed, so it has one `@`. */
function domainOf(email: string): string {
  return email.slice(email.indexOf('@') + 1);
}

function notInvited(): AppError {
  return new AppError('not_invited', 'You are not invited. Ask an owner for an invitation.');
}
