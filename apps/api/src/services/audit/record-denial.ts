import type { AppError, Who } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../ports.ts';

/** The same refusal of the same caller is written down once in this time: whoever repeats it cannot fill the disk. */
const REPEATED_WITHIN_MS = 60_000;
const REMEMBERED_MAX = 10_000;

export interface DenialRecorder {
  /** Writes down that somebody was refused what they asked for. Never fails: the refusal stands either way. */
  record(who: Who, operation: string, refusal: AppError): Promise<void>;
}

/** Keeps what was refused in the audit, each repetition of it once a minute. */
export function createDenialRecorder(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
}): DenialRecorder {
  const lastAtMs = new Map<string, number>();
  return {
    async record(who, operation, refusal) {
      const nowMs = deps.clock.nowMs();
      const key = JSON.stringify([who.tenantId, who.actor, operation, refusal.code]);
      if (nowMs - (lastAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < REPEATED_WITHIN_MS) return;
      // The oldest goes first: a map keeps the order in which keys were put in.
      lastAtMs.delete(key);
      lastAtMs.set(key, nowMs);
      for (const oldest of lastAtMs.keys()) {
        if (lastAtMs.size <= REMEMBERED_MAX) break;
        lastAtMs.delete(oldest);
      }
      const entry = {
        atMs: nowMs,
        action: 'access.denied',
        subject: operation,
        outcome: 'denied',
        detail: { code: refusal.code, ...refusal.details },
      };
      await deps.db
        .transaction((tx) => tx.audit.append(who, entry))
        .catch((cause: unknown) => deps.log.error({ err: cause, operation }, 'a refusal was not written down'));
    },
  };
}
