import type { ErrorCode, Who } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../../ports.ts';

const WINDOW_MS = 3_600_000;
const REMEMBERED_MAX = 10_000;
/** Stored in place of an unknown account name: it may be a password typed into the wrong field. */
export const UNKNOWN_ACCOUNT = 'unknown';

export interface FailedSignIns {
  /** Counts a failed attempt, and records the count whenever it has doubled. Never fails. */
  record(
    who: Who,
    input: { readonly subject: string; readonly reason: ErrorCode; readonly isThrottled: boolean },
  ): Promise<void>;
}

interface AttemptCounts {
  readonly sinceMs: number;
  failed: number;
  throttled: number;
}

/**
 * Failed sign-ins in the audit, by account and reason: the first of an hour at once, then the second, the fourth, the
 * eighth …, each with the count so far. Ten thousand failed attempts on an account are fourteen entries.
 */
export function createFailedSignIns(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
}): FailedSignIns {
  const attempts = new Map<string, AttemptCounts>();

  function countsOf(name: string, nowMs: number): AttemptCounts {
    const known = attempts.get(name);
    if (known !== undefined && nowMs - known.sinceMs < WINDOW_MS) return known;
    const current = { sinceMs: nowMs, failed: 0, throttled: 0 };
    attempts.delete(name);
    attempts.set(name, current);
    const [oldest] = attempts.keys();
    if (attempts.size > REMEMBERED_MAX && oldest !== undefined) attempts.delete(oldest);
    return current;
  }

  return {
    async record(who, { subject, reason, isThrottled }) {
      const atMs = deps.clock.nowMs();
      const current = countsOf(`${reason}\n${subject}`, atMs);
      if (isThrottled) current.throttled += 1;
      else current.failed += 1;
      if (!Number.isInteger(Math.log2(current.failed + current.throttled))) return;
      const { sinceMs, ...counts } = current;
      const entry = {
        atMs,
        action: 'session.refused',
        subject,
        outcome: 'denied',
        detail: { reason, ...counts, sinceMs },
      };
      await deps.db
        .transaction((tx) => tx.audit.append(who, entry))
        .catch((cause: unknown) => deps.log.error({ err: cause }, 'a failed sign-in was not recorded'));
    },
  };
}
