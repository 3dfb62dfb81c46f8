import { NEVER_EXPIRES } from '@espejo/core';
import { and, eq } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { toExpiryColumns, toExpiryPolicy } from '../../expiry-columns.ts';
import { vectorStore } from '../../schema/index.ts';
import { toRecord, type VectorStoreRecord } from './vector-stores.ts';

/** A primary store that expires soon or has expired. */
export interface DueStore {
  readonly id: string;
  readonly name: string | null;
  readonly expiresAtS: number;
}

/** Primary, and neither expired nor in the trash. */
const LIVE = `source = 'primary' and status not in ('expired', 'trashed')`;

/**
 * The expiry of primary stores: warning, expiry, and purge. No statement here can match a mirror: mirrors expire when
 * upstream says so.
 */
export function createStoreExpiryRepository({ orm, statement }: Handle) {
  function due(sqlText: string, ...values: (string | number)[]): DueStore[] {
    const rows = statement(sqlText)
      .raw()
      .all(...values) as [string, string | null, number][];
    return rows.map(([id, name, expiresAtS]) => ({ id, name, expiresAtS }));
  }
  return {
    /**
     * Records a use: in one write, the last use moves to `nowS`, and with it the expiry that counts from it. A use that
     * arrives late moves neither back. Returns the updated store; undefined unless it is a live primary store.
     */
    async touch(tenantId: string, id: string, nowS: number): Promise<VectorStoreRecord | undefined> {
      const byId = and(eq(vectorStore.tenantId, tenantId), eq(vectorStore.id, id));
      const [row] = await orm.select().from(vectorStore).where(byId).limit(1);
      if (row === undefined || row.source !== 'primary' || row.expiredAtMs !== null || row.trashedAtMs !== null) {
        return undefined;
      }
      if (row.expiresAtS !== null && row.expiresAtS <= nowS) return undefined;
      const lastActiveAtS = Math.max(row.lastActiveAtS ?? row.createdAtS, nowS);
      const [after] = await orm
        .update(vectorStore)
        .set({
          lastActiveAtS,
          lastActiveSort: lastActiveAtS,
          ...toExpiryColumns(toExpiryPolicy(row) ?? NEVER_EXPIRES, { createdAtS: row.createdAtS, lastActiveAtS }),
        })
        .where(byId)
        .returning();
      return after === undefined ? undefined : toRecord(after);
    },
    /** Live stores whose expiry has passed, the longest overdue first. */
    async listDue(tenantId: string, nowS: number, limit: number): Promise<DueStore[]> {
      return due(
        `select id, name, expires_at_s from vector_store indexed by vector_store_sort_expiry
          where tenant_id = ? and expires_sort <= ? and ${LIVE} order by expires_sort, id limit ?`,
        tenantId,
        nowS,
        limit,
      );
    },
    /** Expires a store, unless it has been used, extended or deleted meanwhile: the write checks the instant again. */
    async expire(tenantId: string, id: string, nowMs: number): Promise<boolean> {
      const { changes } = statement(
        `update vector_store set status = 'expired', expired_at_ms = ?, updated_at_ms = ?
          where tenant_id = ? and id = ? and expires_at_s * 1000 <= ? and ${LIVE}`,
      ).run(nowMs, nowMs, tenantId, id, nowMs);
      return changes > 0;
    },
    /**
     * Live stores that expire within `aheadS` and have no current warning: none was given, or it was given for an
     * earlier expiry.
     */
    async listToWarn(tenantId: string, nowS: number, aheadS: number, limit: number): Promise<DueStore[]> {
      return due(
        `select id, name, expires_at_s from vector_store indexed by vector_store_sort_expiry
          where tenant_id = ? and expires_sort > ? and expires_sort <= ? and ${LIVE}
            and (warned_at_ms is null or warned_at_ms < (expires_at_s - ?) * 1000)
          order by expires_sort, id limit ?`,
        tenantId,
        nowS,
        nowS + aheadS,
        aheadS,
        limit,
      );
    },
    async markWarned(tenantId: string, id: string, nowMs: number): Promise<void> {
      statement(`update vector_store set warned_at_ms = ? where tenant_id = ? and id = ? and ${LIVE}`).run(
        nowMs,
        tenantId,
        id,
      );
    },
    /** Expired stores whose expiry is in the future: the clock was ahead when they expired. */
    async listPremature(tenantId: string, nowS: number, limit: number): Promise<DueStore[]> {
      return due(
        `select id, name, expires_at_s from vector_store indexed by vector_store_sort_status
          where tenant_id = ? and status = 'expired' and source = 'primary' and expires_at_s > ? limit ?`,
        tenantId,
        nowS,
        limit,
      );
    },
    /** Undoes an expiry that came too early. */
    async unexpire(tenantId: string, id: string, nowMs: number): Promise<boolean> {
      const { changes } = statement(
        `update vector_store set expired_at_ms = null, updated_at_ms = ?,
                status = case when files_in_progress > 0 then 'in_progress' else 'completed' end
          where tenant_id = ? and id = ? and status = 'expired' and source = 'primary' and expires_at_s * 1000 > ?`,
      ).run(nowMs, tenantId, id, nowMs);
      return changes > 0;
    },
    /** Stores that had expired at an instant, by their own expiry and by the recorded time. */
    async listExpiredBefore(tenantId: string, beforeMs: number, limit: number): Promise<string[]> {
      return statement(
        `select id from vector_store indexed by vector_store_sort_status
          where tenant_id = ? and status = 'expired' and source = 'primary'
            and expired_at_ms <= ? and expires_at_s * 1000 <= ? order by id limit ?`,
      )
        .pluck()
        .all(tenantId, beforeMs, beforeMs, limit) as string[];
    },
  };
}
