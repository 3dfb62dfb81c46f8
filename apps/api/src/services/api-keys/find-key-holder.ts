import type { Identity } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../ports.ts';
import { hashOfKey, KEY_PREFIX } from './api-key-text.ts';
import { scopeOf, stateOf } from './manage-api-keys.ts';

/** A use is written down once a minute: a key that is used a thousand times a second costs no thousand writes. */
const TOUCH_INTERVAL_MS = 60_000;

/** Who a bearer is, if it is a key of this installation that works, whichever tenant's; undefined: it is not. */
export async function findKeyHolder(
  deps: { readonly db: Database; readonly clock: Clock; readonly log: Log },
  bearer: string,
): Promise<Identity | undefined> {
  if (!bearer.startsWith(KEY_PREFIX)) return undefined;
  const row = await deps.db.read.apiKeys.findByHash(hashOfKey(bearer));
  const nowMs = deps.clock.nowMs();
  if (row === undefined || stateOf(row, nowMs) !== 'active') return undefined;
  const { tenantId, id, name, role, lastUsedAtMs, expiresAtMs } = row;
  if (nowMs - (lastUsedAtMs ?? 0) > TOUCH_INTERVAL_MS) {
    // Nobody waits for it: what it tells is worth less than the answer.
    deps.db
      .transaction((tx) => tx.apiKeys.touch(tenantId, id, nowMs))
      .catch((cause: unknown) => deps.log.warn({ err: cause, keyId: id }, 'the use of a key was not written down'));
  }
  return { tenantId, actor: `key ${name}`, isPerson: false, role, ...scopeOf(row), grants: {}, endsAtMs: expiresAtMs };
}
