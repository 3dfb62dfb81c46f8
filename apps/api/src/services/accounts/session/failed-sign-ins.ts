import type { ErrorCode, Who } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../../ports.ts';

const WINDOW_MS = 3_600_000;
const REMEMBERED_MAX = 10_000;
/** What was typed where no account is: it may be a password in the wrong field, so it is not kept. */
export const UNKNOWN_ACCOUNT = 'unknown';

export interface FailedSignIns {
  /** Counts one, and writes down how many there were whenever their number has doubled. Never fails. */
  record(
    who: Who,
    input: { readonly subject: string; readonly reason: ErrorCode; readonly isThrottled: boolean },
  ): Promise<void>;
}

interface Tally {
  readonly sinceMs: number;
  failed: number;
  throttled: number;
}

/**
 * Failed sign-ins in the audit, by whom they were to sign in and why they did not: the first of an hour at once, then the second, the fourth, the eighth …, each with the
 * count so far. Ten thousand guesses at an account are fourteen entries.
 */
export function createFailedSignIns(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
}): FailedSignIns {
  const tallies = new Map<string, Tally>();

  function tallyOf(name: string, nowMs: number): Tally {
    const known = tallies.get(name);
    if (known !== undefined && nowMs - known.sinceMs < WINDOW_MS) return known;
    const tally = { sinceMs: nowMs, failed: 0, throttled: 0 };
    tallies.delete(name);
    tallies.set(name, tally);
    const [oldest] = tallies.keys();
    if (tallies.size > REMEMBERED_MAX && oldest !== undefined) tallies.delete(oldest);
    return tally;
  }

  return {
    async record(who, { subject, reason, isThrottled }) {
      const atMs = deps.clock.nowMs();
      const tally = tallyOf(`${reason}\n${subject}`, atMs);
      if (isThrottled) tally.throttled += 1;
      else tally.failed += 1;
      if (!Number.isInteger(Math.log2(tally.failed + tally.throttled))) return;
      const { sinceMs, ...counts } = tally;
      const entry = {
        atMs,
        action: 'session.refused',
        subject,
        outcome: 'denied',
        detail: { reason, ...counts, sinceMs },
      };
      await deps.db
        .transaction((tx) => tx.audit.append(who, entry))
        .catch((cause: unknown) => deps.log.error({ err: cause }, 'a failed sign-in was not written down'));
    },
  };
}
