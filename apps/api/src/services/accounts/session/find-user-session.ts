import type { Identity, Role } from '@espejo/core';
import type { SessionRecord } from '@espejo/db';
import type { AccountContext } from '../account-context.ts';
import { SESSION_IDLE_MS } from './session-policy.ts';

/** A signed-in user, with their role in the tenant they work in. */
export interface UserSession {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  /** Null: the user is in no tenant, or no longer in the one they worked in. */
  readonly place: { readonly id: string; readonly name: string; readonly memberId: string; readonly role: Role } | null;
  /** Stores in which they have more permissions than by their role. */
  readonly grants: Readonly<Record<string, Role>>;
}

/** The last use of a session is recorded at most once an hour. */
const TOUCH_INTERVAL_MS = 3_600_000;

/** The user of a `Cookie` header with a session that has not ended; undefined: none. */
export async function findUserSession(
  deps: Pick<AccountContext, 'db' | 'clock' | 'log' | 'accounts'>,
  cookieHeader: string | undefined,
): Promise<UserSession | undefined> {
  const token = deps.accounts.cookies.readSession(cookieHeader);
  if (token === null) return undefined;
  const record = await deps.db.read.accounts.findSession(token);
  const nowMs = deps.clock.nowMs();
  if (record === undefined || hasEnded(record, nowMs)) return undefined;
  const { id, userId, email, name, place, seenAtMs } = record;
  if (nowMs - seenAtMs > TOUCH_INTERVAL_MS) {
    // Not awaited: the record of a use must not delay the response.
    deps.db
      .transaction((tx) => tx.accounts.touchSession(id, new Date(nowMs)))
      .catch((cause: unknown) => deps.log.warn({ err: cause }, 'the use of a session was not recorded'));
  }
  // A grant is at most editor, so it adds nothing for a role at or above that.
  const grants = place?.role === 'viewer' ? await deps.db.read.accounts.grantsOf(place.id, place.memberId) : [];
  return {
    id,
    userId,
    email,
    name,
    place,
    grants: Object.fromEntries(grants.map(({ storeId, role }) => [storeId, role])),
  };
}

/** The permissions of a session; null: it is in no tenant. */
export function identityOf({ email, place, grants }: UserSession): Identity | null {
  if (place === null) return null;
  const rights = { role: place.role, actions: null, storeIds: null, grants, endsAtMs: null };
  return { tenantId: place.id, actor: email, isPerson: true, ...rights };
}

function hasEnded({ expiresAtMs, seenAtMs }: SessionRecord, nowMs: number): boolean {
  return expiresAtMs <= nowMs || seenAtMs + SESSION_IDLE_MS <= nowMs;
}
