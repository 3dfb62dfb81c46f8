import { AppError } from '@espejo/core';
import type { Handle } from '../../connect.ts';

/** The right to ingest one file, until its lease ends or the attachment is changed. */
export interface IngestionClaim {
  readonly tenantId: string;
  readonly storeId: string;
  readonly fileId: string;
  readonly owner: string;
  readonly fence: number;
  readonly attempts: number;
  readonly maxTokens: number;
  readonly overlapTokens: number;
  /** How often a process ended while it read the file. */
  readonly lostReads: number;
}

const KEY = 'tenant_id = ? and store_id = ? and file_id = ?';

/** Files that wait for ingestion, and the claims on them. */
export function createIngestionQueueRepository({ statement }: Handle) {
  function isHeld({ tenantId, storeId, fileId, owner, fence }: IngestionClaim): boolean {
    const row = statement(`select lease_owner, fence from ingestion where ${KEY}`)
      .raw()
      .get(tenantId, storeId, fileId) as [string | null, number] | undefined;
    return row !== undefined && row[0] === owner && row[1] === fence;
  }
  return {
    /**
     * Claims the next due file of a store that can ingest. Stores with the fewest files in progress come first, so that
     * a large batch does not delay other stores. Undefined: no file is due.
     */
    async claim(input: {
      tenantId: string;
      owner: string;
      nowMs: number;
      expiresAtMs: number;
      /** Stores that cannot ingest now. */
      exceptStoreIds: readonly string[];
      /** Files in progress in this process, by store, for fairness between stores. */
      busyStoreIds: readonly string[];
    }): Promise<IngestionClaim | undefined> {
      const { tenantId, owner, nowMs, expiresAtMs, exceptStoreIds, busyStoreIds } = input;
      const due = `
        select i.seq, i.store_id, i.file_id, i.fence, i.attempts, i.max_tokens, i.overlap_tokens,
               i.lost_reads + i.is_being_read
          from ingestion i indexed by ingestion_pending
          join vector_store s on s.tenant_id = i.tenant_id and s.id = i.store_id
         where i.tenant_id = ? and i.is_pending = 1 and i.next_attempt_at_ms <= ? and i.lease_expires_at_ms <= ?
           and s.status not in ('expired', 'trashed')
           and i.store_id not in (select value from json_each(?))
         order by i.next_attempt_at_ms, i.seq limit 1`;
      const find = (except: readonly string[]) =>
        statement(due).raw().get(tenantId, nowMs, nowMs, JSON.stringify(except)) as
          | [number, string, string, number, number, number, number, number]
          | undefined;
      const row = find([...exceptStoreIds, ...busyStoreIds]) ?? find(exceptStoreIds);
      if (row === undefined) return undefined;
      const [seq, storeId, fileId, fence, attempts, maxTokens, overlapTokens, lostReads] = row;
      statement(
        `update ingestion set lease_owner = ?, lease_expires_at_ms = ?, fence = fence + 1, attempts = attempts + 1,
           lost_reads = ?, is_being_read = 0
          where seq = ?`,
      ).run(owner, expiresAtMs, lostReads, seq);
      return {
        tenantId,
        storeId,
        fileId,
        owner,
        fence: fence + 1,
        attempts: attempts + 1,
        maxTokens,
        overlapTokens,
        lostReads,
      };
    },
    async isHeld(claim: IngestionClaim): Promise<boolean> {
      return isHeld(claim);
    },
    /** Throws `lease_lost` unless this claim is still valid. */
    async assertHeld(claim: IngestionClaim): Promise<void> {
      if (!isHeld(claim)) throw leaseLost();
    },
    /**
     * Records that the content of a claimed file is being read, or no longer is. Throws `lease_lost` unless the claim
     * is still valid.
     */
    async noteReading(claim: IngestionClaim, isBeingRead: boolean): Promise<void> {
      const { changes } = statement(
        `update ingestion set is_being_read = ? where ${KEY} and lease_owner = ? and fence = ?`,
      ).run(isBeingRead ? 1 : 0, claim.tenantId, claim.storeId, claim.fileId, claim.owner, claim.fence);
      if (changes === 0) throw leaseLost();
    },
    /** Returns the claims that are no longer valid. */
    async renew(claims: readonly IngestionClaim[], expiresAtMs: number): Promise<IngestionClaim[]> {
      const renew = statement(
        `update ingestion set lease_expires_at_ms = ? where ${KEY} and lease_owner = ? and fence = ?`,
      );
      return claims.filter(
        (c) => renew.run(expiresAtMs, c.tenantId, c.storeId, c.fileId, c.owner, c.fence).changes === 0,
      );
    },
    /**
     * Gives a claim back: the file is retried from an instant on. An attempt that failed for no reason in the file is
     * not counted.
     */
    async release(claim: IngestionClaim, input: { nextAttemptAtMs: number; isCounted: boolean }): Promise<void> {
      statement(
        `update ingestion set lease_owner = null, lease_expires_at_ms = 0, next_attempt_at_ms = ?, attempts = attempts - ?,
           is_being_read = 0
          where ${KEY} and lease_owner = ? and fence = ?`,
      ).run(
        input.nextAttemptAtMs,
        input.isCounted ? 0 : 1,
        claim.tenantId,
        claim.storeId,
        claim.fileId,
        claim.owner,
        claim.fence,
      );
    },
    /** The owners of all claims. */
    async listOwners(tenantId: string): Promise<string[]> {
      return statement(
        'select distinct lease_owner from ingestion where tenant_id = ? and is_pending = 1 and lease_owner is not null',
      )
        .pluck()
        .all(tenantId) as string[];
    },
    /** Frees the claims of a process that has ended. Counts a lost read for each file it was reading. */
    async releaseOwner(tenantId: string, owner: string): Promise<number> {
      return statement(
        `update ingestion set lease_owner = null, lease_expires_at_ms = 0, fence = fence + 1,
           lost_reads = lost_reads + is_being_read, is_being_read = 0
          where tenant_id = ? and is_pending = 1 and lease_owner = ?`,
      ).run(tenantId, owner).changes;
    },
    /** When the next unclaimed file is due; null: none waits. */
    async nextDueAtMs(tenantId: string): Promise<number | null> {
      return statement(
        `select min(max(i.next_attempt_at_ms, i.lease_expires_at_ms)) from ingestion i indexed by ingestion_pending
           join vector_store s on s.tenant_id = i.tenant_id and s.id = i.store_id
          where i.tenant_id = ? and i.is_pending = 1 and s.status not in ('expired', 'trashed')`,
      )
        .pluck()
        .get(tenantId) as number | null;
    },
    async countPending(tenantId: string): Promise<number> {
      return statement(
        'select count(*) from ingestion indexed by ingestion_pending where tenant_id = ? and is_pending = 1',
      )
        .pluck()
        .get(tenantId) as number;
    },
  };
}

function leaseLost(): AppError {
  return new AppError('lease_lost', 'Another worker has claimed this file, or it does not exist any more.');
}
