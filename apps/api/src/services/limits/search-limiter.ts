import { type DayAllowance, endOfUtcDayMs, nextBlock, takeFromAllowance, utcDayOf } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import { createKeyedMutex } from '../keyed-mutex.ts';
import { rateMet } from './limit-errors.ts';
import { readQuotaMax } from './read-quota.ts';

/**
 * Counts searches per day. Most searches need no write: blocks of the day's quota are recorded as used, and given out
 * from memory. However often the process dies, the quota is never exceeded; a crash loses the rest of a block, at most
 * a hundredth of the quota, for that day.
 */
export interface SearchLimiter {
  /** Counts one search. Throws `rate_limit_exceeded`. */
  take(tenantId: string): Promise<void>;
  /** How many searches were made today. */
  used(tenantId: string): Promise<number>;
  /** Returns the rest of every block: the last write before the database is closed. */
  close(): Promise<void>;
}

const NAME = 'searchesPerDayMax';
const COUNTER = 'searches';

export function createSearchLimiter({ db, clock }: { readonly db: Database; readonly clock: Clock }): SearchLimiter {
  const allowances = new Map<string, DayAllowance>();
  const gate = createKeyedMutex();

  function takeFromMemory(tenantId: string, asked: { day: number; max: number | null }): boolean {
    const after = takeFromAllowance(allowances.get(tenantId), asked);
    if (after !== undefined) allowances.set(tenantId, after);
    return after !== undefined;
  }

  /** Records the next block; false when the day's quota is used up. */
  async function reserve(tenantId: string, { day, max }: { day: number; max: number | null }): Promise<boolean> {
    const key = { tenantId, name: COUNTER, day };
    // Checked without a transaction first, so that a tenant over its quota causes no writes.
    if (nextBlock(await db.read.usageCounters.value(key), max) === 0) return false;
    const allowance = await db.transaction(async (tx): Promise<DayAllowance | undefined> => {
      const block = nextBlock(await tx.usageCounters.value(key), max);
      if (block === 0) return undefined;
      return { day, recorded: await tx.usageCounters.add(key, block), left: block };
    });
    if (allowance !== undefined) allowances.set(tenantId, allowance);
    return allowance !== undefined;
  }

  return {
    async take(tenantId) {
      const max = await readQuotaMax(db.read, tenantId, NAME);
      const asked = { day: utcDayOf(clock.nowMs()), max };
      if (takeFromMemory(tenantId, asked)) return;
      await gate.run(tenantId, async () => {
        // The previous holder of the lock may have taken a block that has enough for this call too.
        while (!takeFromMemory(tenantId, asked)) {
          if (await reserve(tenantId, asked)) continue;
          const what = `Searches a day: at most ${max}.`;
          throw rateMet(NAME, {
            max: max ?? 0,
            present: await db.read.usageCounters.value({ tenantId, name: COUNTER, day: asked.day }),
            what,
            nowMs: clock.nowMs(),
            resetsAtMs: endOfUtcDayMs(asked.day),
          });
        }
      });
    },
    async used(tenantId) {
      const day = utcDayOf(clock.nowMs());
      const allowance = allowances.get(tenantId);
      const recorded = await db.read.usageCounters.value({ tenantId, name: COUNTER, day });
      return allowance?.day === day ? recorded - allowance.left : recorded;
    },
    async close() {
      const given = [...allowances].filter(([, { left }]) => left > 0);
      allowances.clear();
      if (given.length === 0) return;
      await db.transaction(async (tx) => {
        for (const [tenantId, { day, left }] of given) {
          await tx.usageCounters.add({ tenantId, name: COUNTER, day }, -left);
        }
      });
    },
  };
}
