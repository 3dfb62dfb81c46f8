import { type TokenBucket, takeOne, usedOfBucket } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import { rateMet } from './limit-errors.ts';
import { readQuotaMax } from './read-quota.ts';

/** Limits the requests of each tenant to its plan's number per minute. Kept in memory: a restart fills every bucket. */
export interface RequestLimiter {
  /** Counts one request. Throws `rate_limit_exceeded`. */
  take(tenantId: string): Promise<void>;
  /** How much of the minute's quota is used, and when it is full again; null while there is no limit. */
  used(tenantId: string): Promise<{ readonly used: number; readonly resetsAtMs: number } | null>;
}

const NAME = 'requestsPerMinuteMax';

export function createRequestLimiter({ db, clock }: { readonly db: Database; readonly clock: Clock }): RequestLimiter {
  const buckets = new Map<string, TokenBucket>();
  return {
    async take(tenantId) {
      const max = await readQuotaMax(db.read, tenantId, NAME);
      if (max === null) {
        // A limit that is set again starts with a full bucket.
        buckets.delete(tenantId);
        return;
      }
      const nowMs = clock.nowMs();
      const answer = takeOne(buckets.get(tenantId), max, nowMs);
      buckets.set(tenantId, answer.bucket);
      if (answer.isAllowed) return;
      const resetsAtMs = nowMs + answer.waitMs;
      const what = `Requests a minute: at most ${max}.`;
      throw rateMet(NAME, { max, present: max, what, nowMs, resetsAtMs });
    },
    async used(tenantId) {
      const max = await readQuotaMax(db.read, tenantId, NAME);
      if (max === null) return null;
      const nowMs = clock.nowMs();
      const { used, fullInMs } = usedOfBucket(buckets.get(tenantId), max, nowMs);
      return { used, resetsAtMs: nowMs + fullInMs };
    },
  };
}
