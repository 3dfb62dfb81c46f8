import { and, desc, eq } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { parityRun } from '../../schema/index.ts';

/** A file in the result of one query, in the order of the result. */
export interface ParityHit {
  readonly fileId: string;
  readonly filename: string;
  readonly score: number;
  /** The other store's result has the same file. */
  readonly isShared: boolean;
}

export interface ParityQuery {
  readonly query: string;
  readonly overlap: number;
  readonly rankCorrelation: number | null;
  readonly left: readonly ParityHit[];
  readonly right: readonly ParityHit[];
}

export interface ParityRunRecord extends Omit<typeof parityRun.$inferSelect, 'tenantId' | 'queries'> {
  readonly queries: readonly ParityQuery[];
}

/** Parity runs: comparisons of two stores, kept over time. */
export function createParityRunRepository({ orm }: Handle) {
  const toRecord = ({ tenantId: _, queries, ...row }: typeof parityRun.$inferSelect): ParityRunRecord => ({
    ...row,
    queries: JSON.parse(queries) as ParityQuery[],
  });
  return {
    async insert(tenantId: string, run: ParityRunRecord): Promise<void> {
      await orm.insert(parityRun).values({ ...run, tenantId, queries: JSON.stringify(run.queries) });
    },
    async find(tenantId: string, id: string): Promise<ParityRunRecord | undefined> {
      const rows = await orm
        .select()
        .from(parityRun)
        .where(and(eq(parityRun.tenantId, tenantId), eq(parityRun.id, id)))
        .limit(1);
      return rows.map(toRecord)[0];
    },
    /** Of one pair of stores, the newest first. */
    async list(input: {
      readonly tenantId: string;
      readonly leftStoreId: string;
      readonly rightStoreId: string;
      readonly limit: number;
    }): Promise<ParityRunRecord[]> {
      const { tenantId, leftStoreId, rightStoreId, limit } = input;
      const rows = await orm
        .select()
        .from(parityRun)
        .where(
          and(
            eq(parityRun.tenantId, tenantId),
            eq(parityRun.leftStoreId, leftStoreId),
            eq(parityRun.rightStoreId, rightStoreId),
          ),
        )
        .orderBy(desc(parityRun.createdAtMs), desc(parityRun.id))
        .limit(limit);
      return rows.map(toRecord);
    },
  };
}
