import type { Role } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../ports.ts';
import { hashOfKey, KEY_PREFIX } from './api-key-text.ts';
import { stateOf } from './manage-api-keys.ts';

/** Who asks, and as what. */
export interface Session {
  /** As the audit names them. */
  readonly actor: string;
  readonly role: Role;
}

/** A use is written down once a minute: a key that is used a thousand times a second costs no thousand writes. */
const TOUCH_INTERVAL_MS = 60_000;

/** Who a bearer is, if it is a key of this installation that works; undefined: it is not. */
export async function findSession(
  deps: { readonly db: Database; readonly clock: Clock; readonly log: Log },
  input: { readonly tenantId: string; readonly bearer: string },
): Promise<Session | undefined> {
  const { tenantId, bearer } = input;
  if (!bearer.startsWith(KEY_PREFIX)) return undefined;
  const row = await deps.db.read.apiKeys.findByHash(hashOfKey(bearer));
  const nowMs = deps.clock.nowMs();
  if (row === undefined || row.tenantId !== tenantId || stateOf(row, nowMs) !== 'active') return undefined;
  if (nowMs - (row.lastUsedAtMs ?? 0) > TOUCH_INTERVAL_MS) {
    // Nobody waits for it: what it tells is worth less than the answer.
    deps.db
      .transaction((tx) => tx.apiKeys.touch(tenantId, row.id, nowMs))
      .catch((cause: unknown) => deps.log.warn({ err: cause, keyId: row.id }, 'the use of a key was not written down'));
  }
  return { actor: `key ${row.name}`, role: row.role };
}
