import { AppError } from '@espejo/core';
import type { Lease } from '@espejo/db';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import { acquireSyncLease, keepLease } from '../../leases/lease.ts';
import { executeRemoteSteps } from './execute-remote-steps.ts';
import { publishProgress } from './publish-progress.ts';

export interface WorkInput {
  readonly tenantId: string;
  readonly deletionId: string;
  readonly connectionId: string;
  /**
   * When the plan was last read from the live upstream; null: not in this process, so it is read before the first step.
   */
  readonly decidedAtMs: number | null;
  /** Aborted by shutdown. */
  readonly signal: AbortSignal;
  /** Waits that long, or until this deletion is notified; rejects at shutdown. */
  readonly sleepUntilWoken: (ms: number) => Promise<void>;
  /** Counts the notifications of the deletion in this process: a cancel, a retry. */
  readonly changeCount: () => number;
}

/** Interval of the checks whether a sync has released the connection. */
const LEASE_WAIT_MS = 500;
/** Waits while upstream does not answer; the last one repeats. */
const PAUSE_WAITS_MS = [2_000, 10_000, 30_000, 120_000] as const;

/**
 * Does the pending steps of one deletion in one connection. It holds the lease that a sync of the connection needs: a
 * sync never takes a half-finished deletion for a loss, and a second process cannot write.
 */
export async function runDeletion(deps: DeletionWorkContext, input: WorkInput): Promise<void> {
  let { decidedAtMs } = input;
  for (let pauses = 0; ; ) {
    const lease = await waitForLease(deps, input);
    if (lease === null) return;
    const ended = await withLease(deps, input, lease, (signal) =>
      executeRemoteSteps(deps, { ...input, lease, signal, decidedAtMs }),
    );
    if (ended.type === 'done') return;
    // After another process held the connection, everything about it is read again.
    decidedAtMs = ended.type === 'lease_lost' ? null : ended.decidedAtMs;
    if (ended.type === 'lease_lost') continue;
    if (ended.hasProgressed) pauses = 0;
    const waitMs = PAUSE_WAITS_MS[Math.min(pauses, PAUSE_WAITS_MS.length - 1)] ?? 0;
    pauses += 1;
    await setStatusMessage(deps, input, `Waiting ${Math.round(waitMs / 1000)} s. ${ended.reason}`);
    await input.sleepUntilWoken(waitMs);
    await setStatusMessage(deps, input, null);
  }
}

/** The lease, as soon as it is free; null when there is no work left. */
async function waitForLease(deps: DeletionWorkContext, input: WorkInput): Promise<Lease | null> {
  const { tenantId, deletionId, connectionId } = input;
  for (let isTold = false; ; ) {
    input.signal.throwIfAborted();
    const pending = await deps.db.read.deletionSteps.listPendingConnections(tenantId, deletionId);
    if (!pending.includes(connectionId)) return null;
    try {
      const lease = await acquireSyncLease({ ...deps, tenantId, connectionId, ttlMs: deps.settings.leaseTtlMs });
      if (isTold) await setStatusMessage(deps, input, null);
      return lease;
    } catch (cause) {
      const isWorthWaiting =
        cause instanceof AppError && (cause.code === 'sync_already_running' || cause.code === 'database_busy');
      if (!isWorthWaiting) throw cause;
    }
    if (!isTold) await setStatusMessage(deps, input, 'Waiting for the sync of this connection to end.');
    isTold = true;
    await input.sleepUntilWoken(LEASE_WAIT_MS);
  }
}

/** Works under the lease; the signal aborts at shutdown and as soon as the loss of the lease is noticed. */
async function withLease<T>(
  deps: DeletionWorkContext,
  input: WorkInput,
  lease: Lease,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const stop = keepLease({
    ...deps,
    lease,
    ttlMs: deps.settings.leaseTtlMs,
    onLost: (cause) => {
      deps.log.warn({ err: cause, deletionId: input.deletionId }, 'another process has taken over this connection');
      lost.abort(cause);
    },
  });
  try {
    return await work(AbortSignal.any([input.signal, lost.signal]));
  } finally {
    stop();
    await deps.db.transaction((tx) => tx.leases.release(lease)).catch(() => undefined);
  }
}

async function setStatusMessage(
  deps: DeletionWorkContext,
  { tenantId, deletionId }: WorkInput,
  message: string | null,
): Promise<void> {
  // The status message is optional: a busy database must not end the work.
  await deps.db
    .transaction((tx) => tx.deletions.update(tenantId, deletionId, { message }))
    .catch((cause: unknown) => deps.log.warn({ err: cause, deletionId }, 'the status of a deletion was not recorded'));
  publishProgress(deps, tenantId, deletionId);
}
