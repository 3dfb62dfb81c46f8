import type { Handle } from '../../connect.ts';

/** One count of a tenant on one day. */
export interface UsageKey {
  readonly tenantId: string;
  readonly name: string;
  /** Counted from 1 January 1970, UTC. */
  readonly day: number;
}

/** What is used up by the day. Two processes never count past each other: a count only ever moves by an addition. */
export function createUsageCounterRepository({ statement }: Handle) {
  return {
    async value({ tenantId, name, day }: UsageKey): Promise<number> {
      const value = statement('select value from usage_counter where tenant_id = ? and day = ? and name = ?')
        .pluck()
        .get(tenantId, day, name) as number | undefined;
      return value ?? 0;
    },
    /** Adds to a count, or takes back from it; answers what it is then. It is never less than nothing. */
    async add({ tenantId, name, day }: UsageKey, amount: number): Promise<number> {
      return statement(
        `insert into usage_counter (tenant_id, name, day, value) values (?, ?, ?, max(0, ?))
         on conflict (tenant_id, day, name) do update set value = max(0, value + ?) returning value`,
      )
        .pluck()
        .get(tenantId, name, day, amount, amount) as number;
    },
    /** Forgets the counts of days before one. */
    async removeBefore(tenantId: string, day: number): Promise<void> {
      statement('delete from usage_counter where tenant_id = ? and day < ?').run(tenantId, day);
    },
  };
}
