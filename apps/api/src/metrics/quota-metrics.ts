import type { LimitUsage } from '@espejo/contracts';
import type { LimitName } from '@espejo/core';
import { Counter, Gauge, Registry } from 'prom-client';
import { getUsage, type UsageDeps } from '../services/limits/get-usage.ts';

/** The use of all tenants' limits, and how often each limit has rejected something. */
export interface QuotaLevels {
  readonly usage: readonly (readonly LimitUsage[])[];
  readonly refusals: Readonly<Record<LimitName, number>>;
}

/** Reads them for all tenants. */
export async function readQuotaLevels(
  deps: UsageDeps & { readonly refusals: { counts(): Readonly<Record<LimitName, number>> } },
): Promise<QuotaLevels> {
  const usage: LimitUsage[][] = [];
  for (const { id } of await deps.db.read.tenants.list()) usage.push((await getUsage(deps, { tenantId: id })).limits);
  return { usage, refusals: deps.refusals.counts() };
}

/**
 * The metrics of limits, in their own registry. The only label is the limit, of which there are seven: never a tenant.
 */
export function createQuotaMetrics(read: () => Promise<QuotaLevels>): { scrape(): Promise<string> } {
  const registry = new Registry();
  const common = { labelNames: ['limit'] as const, registers: [registry] };
  const used = new Gauge({
    ...common,
    name: 'espejo_usage',
    help: 'What counts towards a limit, of all tenants together.',
  });
  const ratio = new Gauge({
    ...common,
    name: 'espejo_quota_used_ratio',
    help: 'Share of its limit that the tenant nearest to it has used; 1 is all. Absent while no tenant has a limit.',
  });
  const refused = new Counter({
    ...common,
    name: 'espejo_quota_refusals_total',
    help: 'Requests and files rejected because a plan allows no more.',
  });
  return {
    async scrape() {
      const { usage, refusals } = await read();
      for (const metric of [used, ratio, refused]) metric.reset();
      const all = Map.groupBy(usage.flat(), (row) => row.name);
      for (const [limit, rows] of all) {
        const counted = rows.flatMap((row) => (row.used === null ? [] : [row.used]));
        if (counted.length > 0) used.set({ limit }, sum(counted));
        const shares = rows.flatMap((row) => (row.used === null || row.max === null ? [] : [share(row.used, row.max)]));
        if (shares.length > 0) ratio.set({ limit }, Math.max(...shares));
      }
      for (const [limit, count] of Object.entries(refusals)) refused.inc({ limit }, count);
      return registry.metrics();
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A limit of zero is always fully used. */
function share(used: number, max: number): number {
  return max === 0 ? 1 : used / max;
}
