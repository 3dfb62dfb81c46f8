import type { AppError, Who } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock, Log } from '../../ports.ts';

/** The same denial of the same caller is recorded once in this time, so that repeated requests cannot fill the disk. */
const REPEATED_WITHIN_MS = 60_000;
const REMEMBERED_MAX = 10_000;

export interface DenialRecorder {
  /** Records that a request was denied. Never fails: the denial stands either way. */
  record(who: Who, operation: string, refusal: AppError): Promise<void>;
}

/** Audits denials, each repetition at most once a minute. */
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
      // The oldest is removed first: a map keeps insertion order.
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
        .catch((cause: unknown) => deps.log.error({ err: cause, operation }, 'a denied request was not recorded'));
    },
  };
}
