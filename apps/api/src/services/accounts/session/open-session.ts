import type { Who } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import type { AccountContext, Browser } from '../account-context.ts';

/** A session that was just opened: what the browser is to keep of it. */
export interface OpenedSession {
  readonly cookies: readonly string[];
}

/** In `auth.transaction`: opens a session in a tenant, and writes it down. The one the browser had before ends. */
export async function openSession(
  deps: AccountContext,
  tx: Repositories,
  input: {
    readonly user: { readonly id: string; readonly email: string };
    readonly tenantId: string | null;
    readonly browser: Browser;
    readonly by: 'password' | 'setup' | 'invitation' | 'oidc';
  },
): Promise<OpenedSession> {
  const { user, tenantId, browser, by } = input;
  const { auth, cookies, operatorTenantId } = deps.accounts;
  const nowMs = deps.clock.nowMs();
  await tx.accounts.removeEndedSessions(user.id, new Date(nowMs));
  const before = cookies.readSession(browser.cookies);
  const replaced = before === null ? undefined : await tx.accounts.findSession(before);
  if (replaced !== undefined) await tx.accounts.endSession(replaced.id);
  const { address, userAgent, isSecure } = browser;
  const token = await auth.createSession({ userId: user.id, tenantId, address, userAgent });
  await tx.audit.append(whoIs(browser, tenantId ?? operatorTenantId, user.email), {
    atMs: nowMs,
    action: 'session.opened',
    subject: user.id,
    outcome: 'done',
    detail: { by },
  });
  return { cookies: cookies.opened({ token, account: user.email, header: browser.cookies, isSecure }) };
}

/** Who acts, where no proof of anything is needed: signing in and out, and what is one's own. */
export function whoIs({ requestId, address }: Browser, tenantId: string, email: string): Who {
  return { tenantId, actor: email, requestId, address };
}
