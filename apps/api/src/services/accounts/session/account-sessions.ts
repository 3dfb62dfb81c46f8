import { AppError, toSeconds } from '@espejo/core';
import type { AccountContext, Browser } from '../account-context.ts';
import type { AccountSession } from '../views.ts';
import type { UserSession } from './find-user-session.ts';
import { whoIs } from './open-session.ts';
import { SESSION_IDLE_MS } from './session-policy.ts';

/** The user's own sessions, last used first. */
export async function listAccountSessions(
  deps: AccountContext,
  { session }: { readonly session: UserSession },
): Promise<{ data: AccountSession[] }> {
  const nowMs = deps.clock.nowMs();
  const rows = await deps.db.read.accounts.listSessions(session.userId, new Date(nowMs));
  const data = rows
    .map((row) => ({ row, endsAtMs: Math.min(row.expiresAt.getTime(), row.updatedAt.getTime() + SESSION_IDLE_MS) }))
    .filter(({ endsAtMs }) => endsAtMs > nowMs)
    .map(({ row, endsAtMs }) => ({
      id: row.id,
      createdAt: toSeconds(row.createdAt.getTime()),
      lastSeenAt: toSeconds(row.updatedAt.getTime()),
      expiresAt: toSeconds(endsAtMs),
      address: row.ipAddress || null,
      userAgent: row.userAgent || null,
      isCurrent: row.id === session.id,
    }));
  return { data };
}

/** Ends one of the user's own sessions at once. Throws `session_not_found`. */
export async function endAccountSession(
  deps: AccountContext,
  input: { readonly session: UserSession; readonly id: string; readonly browser: Browser },
): Promise<void> {
  const { session, id, browser } = input;
  const now = new Date(deps.clock.nowMs());
  await deps.db.transaction(async (tx) => {
    const own = await tx.accounts.listSessions(session.userId, now);
    if (!own.some((row) => row.id === id)) {
      throw new AppError('session_not_found', `You have no session with id '${id}'.`);
    }
    await tx.accounts.endSession(id);
    await tx.audit.append(whoIs(browser, session.place?.id ?? deps.accounts.operatorTenantId, session.email), {
      atMs: now.getTime(),
      action: 'session.ended',
      subject: session.userId,
      outcome: 'done',
      detail: { session: id },
    });
  });
}
