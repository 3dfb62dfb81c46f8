import type { Who } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import type { AccountContext, Browser } from '../account-context.ts';

/** A session that was just opened, with the cookies for the browser. */
export interface OpenedSession {
  readonly cookies: readonly string[];
}

/** Call in `auth.transaction`. Opens a session in a tenant and audits it. The browser's earlier session ends. */
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

/** The actor of an act that needs no permission: signing in and out, and changes of the user's own account. */
export function whoIs({ requestId, address }: Browser, tenantId: string, email: string): Who {
  return { tenantId, actor: email, requestId, address };
}
