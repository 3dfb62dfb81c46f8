import { AppError, type Throttle, type Who } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../ports.ts';
import { networkOf } from '../network-of.ts';

/** How many wrong keys a network may send at once, and how often one more. */
export const WRONG_KEY_RULE = { burst: 20, intervalMs: 3_000 } as const;
const WINDOW_MS = 3_600_000;

/** Keys that do not work, since the process started, by what they were answered. */
export interface WrongKeyCounts {
  readonly refused: number;
  readonly throttled: number;
}

export interface WrongKeys {
  /**
   * Counts a key that does not work. Null: it is refused like any; else `key_throttled`, for its network sent too many.
   * Only wrong keys are ever counted or slowed, so nobody is kept out who has one that works.
   */
  note(from: { readonly address: string; readonly requestId: string }): AppError | null;
  counts(): WrongKeyCounts;
}

/**
 * Counts wrong keys by the network they come from, and writes them down for the operators: the first of an hour, then
 * whenever their number has doubled, from wherever they come, so that a flood is a score of entries.
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
    // Nobody waits for it: what it tells is worth less than the answer.
    deps.db
      .transaction((tx) => tx.audit.append(who, entry))
      .catch((cause: unknown) => deps.log.error({ err: cause }, 'wrong keys were not written down'));
  }

  return {
    note({ address, requestId }) {
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
    'This API key is not valid, and too many that are not came from your network. Correct the key: a valid one is let in at once.',
    { details: { retryAfterS } },
  );
}
