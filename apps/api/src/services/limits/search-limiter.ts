import { type DayAllowance, endOfUtcDayMs, nextBlock, takeFromAllowance, utcDayOf } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import { createKeyedMutex } from '../keyed-mutex.ts';
import { rateMet } from './limit-errors.ts';
import { readQuotaMax } from './read-quota.ts';

/**
 * Counts searches by the day. A search mostly costs no write: blocks of the day's quota are put on record as used, and
 * given out from memory. However often the process dies, a day's quota is never given out twice; what a crash takes of
 * a block, at most a hundredth of the quota, is lost for the day.
 */
export interface SearchLimiter {
  /** Takes one search. Throws `rate_limit_exceeded`. */
  take(tenantId: string): Promise<void>;
  /** How many have been made today. */
  used(tenantId: string): Promise<number>;
  /** Gives back what is left of every block: the last thing before the database is closed. */
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

  /** Puts the next block on record; false when the day's quota is used up. */
  async function reserve(tenantId: string, { day, max }: { day: number; max: number | null }): Promise<boolean> {
    const key = { tenantId, name: COUNTER, day };
    // Asked without a transaction first, so that a tenant at its end writes nothing however often it asks.
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
        // Whoever had the turn before has perhaps brought enough for all.
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
