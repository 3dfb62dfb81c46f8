import { AppError, type Throttle, type Who } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../ports.ts';
import { networkOf } from '../network-of.ts';

/** How many invalid keys a network may send at once, and how often one more. */
export const WRONG_KEY_RULE = { burst: 20, intervalMs: 3_000 } as const;
const WINDOW_MS = 3_600_000;

/** Invalid keys since the process started, by the error they were answered with. */
export interface WrongKeyCounts {
  readonly refused: number;
  readonly throttled: number;
}

export interface WrongKeys {
  /**
   * Counts an invalid key. Null: it is answered like any other invalid key; else `key_throttled`, as its network sent
   * too many. Only invalid keys are counted or throttled, so a valid key is never locked out.
   */
  record(from: { readonly address: string; readonly requestId: string }): AppError | null;
  counts(): WrongKeyCounts;
}

/**
 * Counts invalid keys by the network they come from, and audits them for the operators: the first of an hour, then
 * whenever the total of all networks has doubled, so that a flood adds about twenty entries.
 */
export function createWrongKeys(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly throttle: Throttle;
  readonly operatorTenantId: string;
}): WrongKeys {
  const total = { refused: 0, throttled: 0 };
  let hour = { sinceMs: Number.NEGATIVE_INFINITY, refused: 0, throttled: 0 };

  function writeDown(who: Who, atMs: number): void {
    if (!Number.isInteger(Math.log2(hour.refused + hour.throttled))) return;
    const entry = { atMs, action: 'key.refused', subject: 'unknown', outcome: 'denied', detail: { ...hour } };
    // Not awaited: the record must not delay the response.
    deps.db
      .transaction((tx) => tx.audit.append(who, entry))
      .catch((cause: unknown) => deps.log.error({ err: cause }, 'invalid API keys were not recorded'));
  }

  return {
    record({ address, requestId }) {
      const nowMs = deps.clock.nowMs();
      const waitMs = deps.throttle.count(networkOf(address), nowMs);
      const kind = waitMs === 0 ? 'refused' : 'throttled';
      if (nowMs - hour.sinceMs >= WINDOW_MS) hour = { sinceMs: nowMs, refused: 0, throttled: 0 };
      total[kind] += 1;
      hour[kind] += 1;
      writeDown({ tenantId: deps.operatorTenantId, actor: 'unknown', requestId, address }, nowMs);
      return waitMs === 0 ? null : throttled(waitMs);
    },
    counts: () => ({ ...total }),
  };
}

function throttled(waitMs: number): AppError {
  const retryAfterS = Math.ceil(waitMs / 1000);
  return new AppError(
    'key_throttled',
    'This API key is not valid, and too many invalid keys came from your network. Correct the key: a valid key is accepted at once.',
    { details: { retryAfterS } },
  );
}
