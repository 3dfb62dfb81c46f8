import { endOfUtcDayMs, fits, utcDayOf } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import { rateMet } from './limit-errors.ts';
import { readQuotaMax } from './read-quota.ts';

interface TokenDeps {
  readonly db: Database;
  readonly clock: Clock;
}

const NAME = 'ingestedTokensPerDayMax';
const COUNTER = 'ingested_tokens';

/** Tokens that were taken out of a day's quota; returned when they were not used. */
export interface TakenTokens {
  readonly tenantId: string;
  readonly day: number;
  readonly tokens: number;
}

/** Takes the tokens of a file out of the daily quota: all of them, or none. Throws `rate_limit_exceeded`. */
export async function takeTokens(
  { db, clock }: TokenDeps,
  { tenantId, tokens }: { readonly tenantId: string; readonly tokens: number },
): Promise<TakenTokens> {
  const nowMs = clock.nowMs();
  const day = utcDayOf(nowMs);
  const key = { tenantId, name: COUNTER, day };
  await db.transaction(async (tx) => {
    const max = await readQuotaMax(tx, tenantId, NAME);
    const present = await tx.usageCounters.value(key);
    if (max !== null && !fits(max, present, tokens)) {
      const what = `Tokens ingested per day: at most ${max}; ${present} are used, and this file has ${tokens}.`;
      throw rateMet(NAME, { max, present, what, nowMs, resetsAtMs: endOfUtcDayMs(day) });
    }
    await tx.usageCounters.add(key, tokens);
  });
  return { tenantId, day, tokens };
}

/** Returns tokens to the day they were taken from. */
export async function returnTokens(
  { db }: Pick<TokenDeps, 'db'>,
  { tenantId, day, tokens }: TakenTokens,
): Promise<void> {
  await db.transaction((tx) => tx.usageCounters.add({ tenantId, name: COUNTER, day }, -tokens));
}

/** Tokens ingested today. */
export async function tokensToday({ db, clock }: TokenDeps, tenantId: string): Promise<number> {
  return db.read.usageCounters.value({ tenantId, name: COUNTER, day: utcDayOf(clock.nowMs()) });
}
