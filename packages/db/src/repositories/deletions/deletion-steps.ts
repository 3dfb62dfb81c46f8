import type { StepKind, StepState } from '@espejo/core';
import type { Handle } from '../../connect.ts';
import { fromJson } from '../../json.ts';

export interface DeletionStepRecord {
  readonly seq: number;
  readonly connectionId: string | null;
  readonly upstreamIdentity: string | null;
  readonly kind: StepKind;
  readonly storeId: string | null;
  readonly fileId: string | null;
  readonly name: string | null;
  readonly state: StepState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly finishedAtMs: number | null;
}

export interface NewDeletionStep extends Omit<DeletionStepRecord, 'state' | 'attempts' | 'reason' | 'finishedAtMs'> {
  readonly snapshot: string | null;
}

/** What the finished steps of a deletion have done. */
export interface StepsDone {
  readonly stores: number;
  readonly filesDeleted: number;
  readonly attachmentsDetached: number;
  readonly usageBytes: number;
}

/** A deletion that took attachments from a store, or is about to, and has not deleted the store. */
export interface UnfinishedDeletion {
  readonly id: string;
  readonly status: 'waiting' | 'running' | 'parked' | 'cancelled';
  readonly finishedAtMs: number | null;
  /** Attachments of the store that it has ended. */
  readonly detachedCount: number;
}

/** No deletion is expected to run longer than this: it bounds how far back one is looked for. */
const RUN_MAX_MS = 7 * 86_400_000;

export interface StepCounts {
  readonly total: number;
  readonly done: number;
  readonly pending: number;
  readonly parked: number;
  readonly cancelled: number;
}

const COLUMNS = `seq, connection_id, upstream_identity, kind, store_id, file_id, name, state, attempts, reason, finished_at_ms`;

type Tuple = [
  seq: number,
  connectionId: string | null,
  upstreamIdentity: string | null,
  kind: StepKind,
  storeId: string | null,
  fileId: string | null,
  name: string | null,
  state: StepState,
  attempts: number,
  reason: string | null,
  finishedAtMs: number | null,
];

/** The ledger: one remote or local step per row. */
export function createDeletionStepRepository({ statement }: Handle) {
  return {
    async insert(tenantId: string, deletionId: string, steps: readonly NewDeletionStep[]): Promise<void> {
      const insert = statement(
        `insert into deletion_step (tenant_id, deletion_id, seq, connection_id, upstream_identity, kind, store_id, file_id, name, state, snapshot)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
      );
      for (const s of steps) {
        insert.run(
          tenantId,
          deletionId,
          s.seq,
          s.connectionId,
          s.upstreamIdentity,
          s.kind,
          s.storeId,
          s.fileId,
          s.name,
          s.snapshot,
        );
      }
    },
    /** Renames the identity of an upstream in unfinished steps, when the same upstream has a new one. */
    async renameIdentity(tenantId: string, connectionId: string, from: string, to: string): Promise<number> {
      return statement(
        `update deletion_step set upstream_identity = ?
          where tenant_id = ? and connection_id = ? and upstream_identity = ? and state in ('pending', 'parked')`,
      ).run(to, tenantId, connectionId, from).changes;
    },
    /** Every step of a deletion in one connection (null: primary), in order. */
    async listOfConnection(
      tenantId: string,
      deletionId: string,
      connectionId: string | null,
    ): Promise<DeletionStepRecord[]> {
      const rows = statement(
        `select ${COLUMNS} from deletion_step where tenant_id = ? and deletion_id = ? and connection_id is ? order by seq`,
      )
        .raw()
        .all(tenantId, deletionId, connectionId) as Tuple[];
      return rows.map(toRecord);
    },
    /** The connections (null: primary) in which a deletion still has pending steps. */
    async listPendingConnections(tenantId: string, deletionId: string): Promise<(string | null)[]> {
      return statement(
        `select distinct connection_id from deletion_step where tenant_id = ? and deletion_id = ? and state = 'pending'`,
      )
        .pluck()
        .all(tenantId, deletionId) as (string | null)[];
    },
    /** The connections (null: primary) in which a deletion has steps that are neither done nor cancelled. */
    async listUnfinishedConnections(tenantId: string, deletionId: string): Promise<(string | null)[]> {
      return statement(
        `select distinct connection_id from deletion_step
          where tenant_id = ? and deletion_id = ? and state in ('pending', 'parked') order by connection_id`,
      )
        .pluck()
        .all(tenantId, deletionId) as (string | null)[];
    },
    /** Whether any open deletion has pending steps in a connection. */
    async hasPendingIn(tenantId: string, connectionId: string): Promise<boolean> {
      return (
        statement(
          `select 1 from deletion_step s join deletion d on d.tenant_id = s.tenant_id and d.id = s.deletion_id
            where s.tenant_id = ? and s.connection_id = ? and s.state = 'pending' and d.status in ('waiting', 'running') limit 1`,
        ).get(tenantId, connectionId) !== undefined
      );
    },
    /** Stores for which a deletion with this trigger has an unfinished step. */
    async listUnfinishedStoreIds(tenantId: string, trigger: 'expiry' | 'trash'): Promise<string[]> {
      return statement(
        `select s.store_id from deletion d
           join deletion_step s on s.tenant_id = d.tenant_id and s.deletion_id = d.id
          where d.tenant_id = ? and d.trigger = ? and d.status in ('waiting', 'running', 'parked')
            and s.state in ('pending', 'parked') and s.store_id is not null`,
      )
        .pluck()
        .all(tenantId, trigger) as string[];
    },
    /** The same for primary files. */
    async listUnfinishedFileIds(tenantId: string, trigger: 'expiry' | 'trash'): Promise<string[]> {
      return statement(
        `select s.file_id from deletion d
           join deletion_step s on s.tenant_id = d.tenant_id and s.deletion_id = d.id
          where d.tenant_id = ? and d.trigger = ? and d.status in ('waiting', 'running', 'parked')
            and s.connection_id is null and s.kind = 'delete_file' and s.state in ('pending', 'parked')`,
      )
        .pluck()
        .all(tenantId, trigger) as string[];
    },
    async setState(
      tenantId: string,
      deletionId: string,
      seq: number,
      change: { state: StepState; reason: string | null; attempts: number; finishedAtMs: number | null },
    ): Promise<void> {
      statement(
        `update deletion_step set state = ?, reason = ?, attempts = ?, finished_at_ms = ?
          where tenant_id = ? and deletion_id = ? and seq = ?`,
      ).run(change.state, change.reason, change.attempts, change.finishedAtMs, tenantId, deletionId, seq);
    },
    /** Moves every step of one state (and connection, if given) to another; returns how many. */
    async moveAll(
      tenantId: string,
      deletionId: string,
      change: { from: StepState; to: StepState; reason: string | null; connectionId?: string | null | undefined },
    ): Promise<number> {
      const { from, to, reason, connectionId } = change;
      const scope = connectionId === undefined ? '' : 'and connection_id is ?';
      return statement(
        `update deletion_step set state = ?, reason = ? where tenant_id = ? and deletion_id = ? and state = ? ${scope}`,
      ).run(to, reason, tenantId, deletionId, from, ...(connectionId === undefined ? [] : [connectionId])).changes;
    },
    async resetAttempts(tenantId: string, deletionId: string): Promise<void> {
      statement(
        `update deletion_step set attempts = 0 where tenant_id = ? and deletion_id = ? and state = 'pending'`,
      ).run(tenantId, deletionId);
    },
    async count(tenantId: string, deletionId: string): Promise<StepCounts> {
      const rows = statement(
        'select state, count(*) from deletion_step where tenant_id = ? and deletion_id = ? group by state',
      )
        .raw()
        .all(tenantId, deletionId) as [StepState, number][];
      const of = (state: StepState) => rows.find((row) => row[0] === state)?.[1] ?? 0;
      const total = rows.reduce((sum, row) => sum + row[1], 0);
      return { total, done: of('done'), pending: of('pending'), parked: of('parked'), cancelled: of('cancelled') };
    },
    /** Reads each finished step, unlike `count`, which the index answers. */
    async countDone(tenantId: string, deletionId: string): Promise<StepsDone> {
      const rows = statement(
        `select kind, count(*),
                coalesce(sum(case when kind = 'delete_store' then json_extract(snapshot, '$.usageBytes') end), 0)
           from deletion_step where tenant_id = ? and deletion_id = ? and state = 'done' group by kind`,
      )
        .raw()
        .all(tenantId, deletionId) as [StepKind, number, number][];
      const of = (kind: StepKind) => rows.find((row) => row[0] === kind);
      return {
        stores: of('delete_store')?.[1] ?? 0,
        filesDeleted: of('delete_file')?.[1] ?? 0,
        attachmentsDetached: of('detach')?.[1] ?? 0,
        usageBytes: of('delete_store')?.[2] ?? 0,
      };
    },
    /** Stores whose own step is not done, in the order of the plan. */
    async listStoresLeft(tenantId: string, deletionId: string, limit: number): Promise<string[]> {
      return statement(
        `select store_id from deletion_step
          where tenant_id = ? and deletion_id = ? and kind = 'delete_store' and state <> 'done' order by seq limit ?`,
      )
        .pluck()
        .all(tenantId, deletionId, limit) as string[];
    },
    /** What a cancelled deletion did not do, in the order of its plan. */
    async listCancelled(
      tenantId: string,
      deletionId: string,
    ): Promise<Pick<DeletionStepRecord, 'kind' | 'storeId' | 'fileId'>[]> {
      const rows = statement(
        `select kind, store_id, file_id from deletion_step
          where tenant_id = ? and deletion_id = ? and state = 'cancelled' order by seq`,
      )
        .raw()
        .all(tenantId, deletionId) as [StepKind, string | null, string | null][];
      return rows.map(([kind, storeId, fileId]) => ({ kind, storeId, fileId }));
    },
    /**
     * The newest deletion that is to delete a store and has not: one that is open, or that ended after `sinceMs` with
     * some of the store's attachments gone.
     */
    async findUnfinishedOfStore(
      tenantId: string,
      storeId: string,
      sinceMs: number,
    ): Promise<UnfinishedDeletion | undefined> {
      const row = statement(
        `select d.id, d.status, d.finished_at_ms,
                (select count(*) from deletion_step t
                  where t.tenant_id = d.tenant_id and t.deletion_id = d.id and t.state = 'done'
                    and t.kind = 'detach' and t.store_id = s.store_id) as detached
           from deletion d
           join deletion_step s on s.tenant_id = d.tenant_id and s.deletion_id = d.id
            and s.kind = 'delete_store' and s.store_id = ? and s.state <> 'done'
          where d.tenant_id = ? and d.created_at_ms > ?
            and (d.status in ('waiting', 'running')
                 or (d.status in ('parked', 'cancelled') and d.finished_at_ms > ? and detached > 0))
          order by d.created_at_ms desc limit 1`,
      )
        .raw()
        .get(storeId, tenantId, sinceMs - RUN_MAX_MS, sinceMs) as
        | [string, UnfinishedDeletion['status'], number | null, number]
        | undefined;
      if (row === undefined) return undefined;
      const [id, status, finishedAtMs, detachedCount] = row;
      return { id, status, finishedAtMs, detachedCount };
    },
    async firstParkedReason(tenantId: string, deletionId: string): Promise<string | null> {
      const reason = statement(
        `select reason from deletion_step where tenant_id = ? and deletion_id = ? and state = 'parked' and reason is not null order by seq limit 1`,
      )
        .pluck()
        .get(tenantId, deletionId) as string | undefined;
      return reason ?? null;
    },
    async list(input: {
      tenantId: string;
      deletionId: string;
      state: StepState | undefined;
      afterSeq: number;
      limit: number;
    }): Promise<{ rows: (DeletionStepRecord & { snapshot: Record<string, unknown> | null })[]; total: number }> {
      const { tenantId, deletionId, state, afterSeq, limit } = input;
      const where = `tenant_id = ? and deletion_id = ? ${state === undefined ? '' : 'and state = ?'}`;
      const values = [tenantId, deletionId, ...(state === undefined ? [] : [state])];
      const total = statement(`select count(*) from deletion_step where ${where}`)
        .pluck()
        .get(...values) as number;
      const rows = statement(
        `select ${COLUMNS}, snapshot from deletion_step where ${where} and seq > ? order by seq limit ?`,
      )
        .raw()
        .all(...values, afterSeq, limit) as [...Tuple, string | null][];
      return {
        rows: rows.map((row) => ({ ...toRecord(row.slice(0, 11) as Tuple), snapshot: fromJson(row[11]) })),
        total,
      };
    },
    async removeOfDeletion(tenantId: string, deletionId: string): Promise<void> {
      statement('delete from deletion_step where tenant_id = ? and deletion_id = ?').run(tenantId, deletionId);
    },
  };
}

function toRecord(tuple: Tuple): DeletionStepRecord {
  const [seq, connectionId, upstreamIdentity, kind, storeId, fileId, name, state, attempts, reason, finishedAtMs] =
    tuple;
  return { seq, connectionId, upstreamIdentity, kind, storeId, fileId, name, state, attempts, reason, finishedAtMs };
}
