import type { Handle } from '../../connect.ts';

/** One counter of a tenant on one day. */
export interface UsageKey {
  readonly tenantId: string;
  readonly name: string;
  /** Days since 1 January 1970, UTC. */
  readonly day: number;
}

/**
 * What a tenant has used on a day. A counter only ever changes by an addition, so two processes never overwrite each
 * other's counts.
 */
export function createUsageCounterRepository({ statement }: Handle) {
  return {
    async value({ tenantId, name, day }: UsageKey): Promise<number> {
      const value = statement('select value from usage_counter where tenant_id = ? and day = ? and name = ?')
        .pluck()
        .get(tenantId, day, name) as number | undefined;
      return value ?? 0;
    },
    /** Adds to a counter, or subtracts from it; returns the new value, which is never below 0. */
    async add({ tenantId, name, day }: UsageKey, amount: number): Promise<number> {
      return statement(
        `insert into usage_counter (tenant_id, name, day, value) values (?, ?, ?, max(0, ?))
         on conflict (tenant_id, day, name) do update set value = max(0, value + ?) returning value`,
      )
        .pluck()
        .get(tenantId, name, day, amount, amount) as number;
    },
    /** Removes the counters of earlier days. */
    async removeBefore(tenantId: string, day: number): Promise<void> {
      statement('delete from usage_counter where tenant_id = ? and day < ?').run(tenantId, day);
    },
  };
}
