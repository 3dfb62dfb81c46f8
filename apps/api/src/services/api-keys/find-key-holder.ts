import type { Identity } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../ports.ts';
import { hashOfKey, KEY_PREFIX } from './api-key-text.ts';
import { scopeOf, stateOf } from './manage-api-keys.ts';

/** The last use is recorded at most once a minute, so that frequent requests do not write each time. */
const TOUCH_INTERVAL_MS = 60_000;

/** The principal of a bearer token, if it is a valid API key of any tenant; undefined: it is not. */
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
    // Not awaited: the record of a use must not delay the response.
    deps.db
      .transaction((tx) => tx.apiKeys.touch(tenantId, id, nowMs))
      .catch((cause: unknown) => deps.log.warn({ err: cause, keyId: id }, 'the use of an API key was not recorded'));
  }
  return { tenantId, actor: `key ${name}`, isPerson: false, role, ...scopeOf(row), grants: {}, endsAtMs: expiresAtMs };
}
