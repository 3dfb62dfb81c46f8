import { endOfUtcDayMs, LIMIT_NAMES, LIMIT_UNITS, type LimitName, utcDayOf } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import { readLimits } from './read-limits.ts';
import type { RequestLimiter } from './request-limiter.ts';
import type { SearchLimiter } from './search-limiter.ts';
import { tokensToday } from './take-tokens.ts';
import type { LimitUsage, Usage } from './views.ts';

export interface UsageDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly searchLimiter: Pick<SearchLimiter, 'used'>;
  readonly requestLimiter: Pick<RequestLimiter, 'used'>;
}

interface Used {
  readonly used: number | null;
  readonly resetsAtMs: number | null;
}

/** Every limit of a tenant, with its present use. */
export async function getUsage(deps: UsageDeps, { tenantId }: { tenantId: string }): Promise<Usage> {
  const { plan, limits, mimeTypes } = await readLimits(deps.db.read, tenantId);
  const used = await readUsed(deps, tenantId);
  const rows = LIMIT_NAMES.map((name): LimitUsage => {
    const { resetsAtMs } = used[name];
    return {
      name,
      unit: LIMIT_UNITS[name],
      used: used[name].used,
      ...limits[name],
      resetsAt: resetsAtMs === null ? null : Math.ceil(resetsAtMs / 1000),
    };
  });
  return {
    plan: { ...plan },
    limits: rows,
    allowedMimeTypes: mimeTypes.map(({ allowed }) => [...allowed]),
  };
}

async function readUsed(
  { db, clock, searchLimiter, requestLimiter }: UsageDeps,
  tenantId: string,
): Promise<Record<LimitName, Used>> {
  const nowMs = clock.nowMs();
  const midnightMs = endOfUtcDayMs(utcDayOf(nowMs));
  const ofOneThing: Used = { used: null, resetsAtMs: null };
  const there = (used: number): Used => ({ used, resetsAtMs: null });
  const today = (used: number): Used => ({ used, resetsAtMs: midnightMs });
  return {
    storesMax: there(await db.read.primaryStores.count(tenantId)),
    filesPerStoreMax: ofOneThing,
    fileBytesMax: ofOneThing,
    totalBytesMax: there(await db.read.primaryFiles.sumBytes(tenantId, Math.floor(nowMs / 1000))),
    searchesPerDayMax: today(await searchLimiter.used(tenantId)),
    ingestedTokensPerDayMax: today(await tokensToday({ db, clock }, tenantId)),
    requestsPerMinuteMax: (await requestLimiter.used(tenantId)) ?? ofOneThing,
  };
}
