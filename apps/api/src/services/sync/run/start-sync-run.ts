import { AppError, type Authorized, prefixedId } from '@espejo/core';
import type { ConnectionRow, Repositories } from '@espejo/db';
import type { SyncContext } from '../../context/app-context.ts';
import { acquireSyncLease } from '../../leases/lease.ts';
import type { SyncRunSpec, SyncTrigger } from './run-context.ts';
import { emptyCounters, INITIAL_PROGRESS } from './run-row.ts';
import { runSync } from './run-sync.ts';

export interface StartSyncRunInput {
  /** A user who may approve removals may start the run that carries them out. */
  readonly by: Authorized<'sync'> | Authorized<'manage'>;
  /** May be omitted when the tenant has one enabled connection. */
  readonly connectionId?: string | undefined;
  readonly trigger: SyncTrigger;
  readonly isDryRun: boolean;
  readonly isFull: boolean;
}

/**
 * Starts a run and returns its id as soon as it is recorded; the run goes on in the background. Throws
 * `sync_already_running` while the connection has one in any process; a plain sync joins the one of the start-up.
 * `prepare` writes in the transaction that records the run, with the lease held: both happen, or neither.
 */
export async function startSyncRun(
  deps: SyncContext,
  input: StartSyncRunInput,
  prepare: (tx: Repositories) => Promise<void> = async () => undefined,
): Promise<{ id: string }> {
  const { by } = input;
  const { tenantId } = by;
  const chosen = await chooseConnection(deps.db.read, tenantId, input.connectionId);
  requireEnabled(chosen);
  const joined = findJoinable(deps, chosen, input);
  if (joined !== undefined) return { id: joined };

  const lease = await acquireSyncLease({
    ...deps,
    tenantId,
    connectionId: chosen.id,
    ttlMs: deps.settings.leaseTtlMs,
  });
  const startedAtMs = deps.clock.nowMs();
  const run: SyncRunSpec = {
    id: prefixedId('run', startedAtMs, deps.randomHex),
    trigger: input.trigger,
    isDryRun: input.isDryRun,
    isFull: input.isFull,
    startedAtMs,
  };
  let connection: ConnectionRow;
  try {
    connection = await deps.db.transaction(async (tx) => {
      await tx.leases.assertHeld(lease);
      await prepare(tx);
      await closeAbandonedRuns(tx, tenantId, chosen.id, startedAtMs);
      await tx.syncRuns.insert({
        tenantId,
        id: run.id,
        connectionId: chosen.id,
        trigger: run.trigger,
        isDryRun: run.isDryRun,
        isFull: run.isFull,
        status: 'running',
        startedAtMs,
        finishedAtMs: null,
        requestCount: 0,
        rateLimitedCount: 0,
        isComplete: false,
        isCancelRequested: false,
        progress: JSON.stringify(INITIAL_PROGRESS),
        counters: JSON.stringify(emptyCounters()),
        plan: null,
        errorCode: null,
        errorMessage: null,
        approvedAtMs: null,
      });
      // Scheduled runs are in the runs' own history; a run that a user requests is in the audit as well.
      if (run.trigger === 'manual') {
        await tx.audit.append(by, {
          atMs: startedAtMs,
          action: 'sync_run.requested',
          subject: run.id,
          outcome: 'accepted',
          detail: { connectionId: chosen.id, dryRun: run.isDryRun, full: run.isFull },
        });
      }
      // Read again: the previous run may have ended and changed it meanwhile.
      const current = await findConnection(tx, tenantId, chosen.id);
      requireEnabled(current);
      return current;
    });
  } catch (cause) {
    await deps.db.transaction((tx) => tx.leases.release(lease)).catch(() => undefined);
    throw cause;
  }
  runSync(deps, { tenantId, connection, run, lease });
  return { id: run.id };
}

/** Runs recorded as running although the lease was free: their process died. Their rows stay; they end here. */
export async function closeAbandonedRuns(
  tx: Repositories,
  tenantId: string,
  connectionId: string,
  nowMs: number,
): Promise<number> {
  const abandoned = (await tx.syncRuns.listRunning(tenantId)).filter((run) => run.connectionId === connectionId);
  for (const run of abandoned) {
    await tx.syncRuns.update(tenantId, run.id, {
      status: 'failed',
      finishedAtMs: nowMs,
      errorCode: 'interrupted',
      errorMessage:
        'Espejo stopped while this sync was running. The rows it had written stay; the next sync continues from there.',
    });
  }
  return abandoned.length;
}

async function chooseConnection(
  read: Repositories,
  tenantId: string,
  connectionId: string | undefined,
): Promise<ConnectionRow> {
  if (connectionId !== undefined) return findConnection(read, tenantId, connectionId);
  const all = await read.connections.list(tenantId);
  const preferred = all.find((row) => row.origin === 'environment') ?? (all.length === 1 ? all[0] : undefined);
  if (preferred !== undefined) return preferred;
  if (all.length === 0) throw new AppError('connection_not_found', 'There is no connection yet. Add one first.');
  throw new AppError('invalid_request', 'There are several connections. Name the one to sync with connectionId.');
}

async function findConnection(read: Repositories, tenantId: string, id: string): Promise<ConnectionRow> {
  const found = await read.connections.find(tenantId, id);
  if (found === undefined) throw new AppError('connection_not_found', `There is no connection with id '${id}'.`);
  return found;
}

function requireEnabled({ isEnabled, name }: ConnectionRow): void {
  if (!isEnabled) throw new AppError('connection_disabled', `Connection '${name}' is disabled. Enable it to sync.`);
}

function findJoinable(
  deps: SyncContext,
  { tenantId, id }: ConnectionRow,
  input: StartSyncRunInput,
): string | undefined {
  if (input.trigger !== 'manual' || input.isDryRun || input.isFull) return undefined;
  for (const run of deps.active.values()) {
    const isOfConnection = run.tenantId === tenantId && run.connectionId === id;
    if (isOfConnection && (run.trigger === 'startup' || run.trigger === 'recovery')) return run.runId;
  }
  return undefined;
}
