import type { SyncProgress } from '@espejo/core';
import { AppError } from '@espejo/core';
import type { ConnectionPatch, ConnectionRow, Lease, SyncRunPatch } from '@espejo/db';
import { UpstreamError } from '@espejo/upstream';
import type { Log } from '../../../ports.ts';
import { withJobSpan } from '../../../telemetry/spans.ts';
import { RunStopped } from '../../context/active-runs.ts';
import type { SyncContext } from '../../context/app-context.ts';
import { keepLease } from '../../leases/lease.ts';
import { presentRun } from './present-run.ts';
import { pruneRuns } from './prune-runs.ts';
import { type RunOutcome, reconcile } from './reconcile.ts';
import { recordStorage } from './record-storage.ts';
import { type RunContext, type SyncRunSpec, writeRecord } from './run-context.ts';
import { toRunFailure } from './run-failure.ts';
import { createRunRecorder } from './run-recorder.ts';

/** Minimum intervals of progress: one for watchers, and half a second for the database. */
const PUBLISH_INTERVAL_MS = 200;
const PERSIST_EVERY = 3;

/** Runs a sync in the background, from its lease to its last record. Never throws. */
export function runSync(
  deps: SyncContext,
  input: { tenantId: string; connection: ConnectionRow; run: SyncRunSpec; lease: Lease },
): void {
  const { tenantId, connection, run, lease } = input;
  const { log } = deps;
  const controller = new AbortController();
  const whole = () => work().catch((cause: unknown) => recordBroken(deps, { tenantId, run, lease, log, cause }));
  const finished = withJobSpan('sync.run', { tenantId, runId: run.id, connectionId: connection.id }, whole).finally(
    () => deps.active.delete(run.id),
  );
  deps.active.set(run.id, {
    tenantId,
    runId: run.id,
    connectionId: connection.id,
    trigger: run.trigger,
    isDryRun: run.isDryRun,
    controller,
    finished,
  });

  async function work(): Promise<void> {
    const upstream = deps.upstreamFor(connection);
    const before = { requests: upstream.requestCount, rateLimited: upstream.rateLimitedCount };
    let hasNews = true;
    let hasUnsaved = true;
    const recorder = createRunRecorder({
      tenantId,
      runId: run.id,
      connectionId: connection.id,
      isDryRun: run.isDryRun,
      clock: deps.clock,
      requestCount: () => upstream.requestCount - before.requests,
      onProgress: () => {
        hasNews = true;
        hasUnsaved = true;
      },
    });
    const ctx: RunContext = {
      ...deps,
      log,
      tenantId,
      connection,
      run,
      upstream,
      lease,
      recorder,
      signal: controller.signal,
    };
    const stopLease = keepLease({
      ...deps,
      lease,
      ttlMs: deps.settings.leaseTtlMs,
      onLost: () => controller.abort(new RunStopped('lease_lost')),
    });
    let tick = 0;
    const timer = setInterval(() => {
      tick += 1;
      if (hasNews) deps.hub.publish(tenantId, run.id, { type: 'progress', data: recorder.progress() });
      hasNews = false;
      if (tick % PERSIST_EVERY !== 0) return;
      pollCancellation(ctx, controller);
      if (hasUnsaved) persistProgress(ctx, recorder.progress());
      hasUnsaved = false;
    }, PUBLISH_INTERVAL_MS);

    let end: { outcome: RunOutcome } | { failure: unknown };
    try {
      log.info({ trigger: run.trigger, isDryRun: run.isDryRun, isFull: run.isFull }, 'sync started');
      await deps.disk.assertRoom();
      end = { outcome: await reconcile(ctx) };
    } catch (failure) {
      // The abort reason is what ended it, whatever error the aborted call gave.
      end = { failure: controller.signal.aborted ? controller.signal.reason : failure };
    } finally {
      clearInterval(timer);
    }
    try {
      await recordEnd(ctx, end, {
        requestCount: upstream.requestCount - before.requests,
        rateLimitedCount: upstream.rateLimitedCount - before.rateLimited,
      });
    } finally {
      stopLease();
      // A run that has ended cannot be joined or cancelled.
      deps.active.delete(run.id);
    }
    const record = await deps.db.read.syncRuns.find(tenantId, run.id);
    if (record !== undefined)
      deps.hub.publish(tenantId, run.id, { type: 'end', data: await presentRun(deps.db.read, record) });
    await pruneRuns(deps, tenantId).catch((cause: unknown) => log.warn({ err: cause }, 'old runs could not be pruned'));
  }
}

/** The cancel may have been requested in another process, while upstream is silent. */
function pollCancellation(ctx: RunContext, controller: AbortController): void {
  ctx.db.read.syncRuns
    .find(ctx.tenantId, ctx.run.id)
    .then((record) => {
      if (record?.isCancelRequested === true) controller.abort(new RunStopped('cancelled'));
    })
    .catch((cause: unknown) => ctx.log.debug({ err: cause }, 'the record of the run could not be read'));
}

function persistProgress(ctx: RunContext, progress: SyncProgress): void {
  writeRecord(ctx, (tx) =>
    tx.syncRuns.update(ctx.tenantId, ctx.run.id, {
      progress: JSON.stringify(progress),
      counters: JSON.stringify(ctx.recorder.counters),
      requestCount: progress.requests,
    }),
  ).catch((cause: unknown) => ctx.log.debug({ err: cause }, 'progress was not recorded'));
}

async function recordEnd(
  ctx: RunContext,
  end: { outcome: RunOutcome } | { failure: unknown },
  counts: { requestCount: number; rateLimitedCount: number },
): Promise<void> {
  const { recorder, tenantId, run, connection } = ctx;
  const nowMs = ctx.clock.nowMs();
  const result = 'outcome' in end ? describeOutcome(end.outcome) : describeFailure(end.failure);
  const level = result.run.status === 'succeeded' || result.run.status === 'cancelled' ? 'info' : 'warn';
  ctx.log[level](
    {
      status: result.run.status,
      ...counts,
      counters: recorder.counters,
      err: 'failure' in end ? end.failure : undefined,
    },
    'sync ended',
  );
  recorder.enterPhase('done', null);
  await ctx.db.transaction(async (tx) => {
    await tx.leases.assertHeld(ctx.lease);
    await tx.syncChanges.put(recorder.takeAllChanges());
    await tx.syncRuns.update(tenantId, run.id, {
      ...result.run,
      ...counts,
      finishedAtMs: nowMs,
      progress: JSON.stringify(recorder.progress()),
      counters: JSON.stringify(recorder.counters),
    });
    // A dry run changes nothing but its own record: it opens no review and closes none.
    if (!run.isDryRun && result.health !== null) {
      await tx.connections.update(tenantId, connection.id, {
        ...result.health,
        healthCheckedAtMs: nowMs,
        ...(result.run.status === 'succeeded' ? { completeSyncAtMs: nowMs } : {}),
      });
    }
    if (!run.isDryRun && result.run.status === 'succeeded') {
      await recordStorage(tx, { tenantId, connectionId: connection.id, clock: ctx.clock });
    }
    await tx.leases.release(ctx.lease);
  });
}

/**
 * The minimum record of a run that could not begin, or whose end could not be fully written: that it failed, and that
 * its lease is free. When even that fails, the lease expires and the next run closes this one.
 */
async function recordBroken(
  deps: SyncContext,
  input: { tenantId: string; run: SyncRunSpec; lease: Lease; log: Log; cause: unknown },
): Promise<void> {
  const { tenantId, run, lease, log, cause } = input;
  if (cause instanceof AppError && cause.code === 'lease_lost') {
    log.warn({ err: cause }, 'another process has taken over this sync');
    return;
  }
  log.error({ err: cause }, 'a sync could not begin, or its end could not be recorded');
  const { code, message } = toRunFailure(cause);
  await deps.db
    .transaction(async (tx) => {
      await tx.leases.assertHeld(lease);
      await tx.syncRuns.update(tenantId, run.id, {
        status: 'failed',
        finishedAtMs: deps.clock.nowMs(),
        errorCode: code,
        errorMessage: message,
      });
      await tx.leases.release(lease);
    })
    .catch((again: unknown) =>
      log.error({ err: again }, 'the error of the sync could not be recorded either; its lease will expire'),
    );
}

type Health = Pick<ConnectionPatch, 'healthStatus' | 'healthMessage'>;
interface EndRecord {
  readonly run: SyncRunPatch & { readonly status: 'succeeded' | 'partial' | 'failed' | 'cancelled' | 'needs_review' };
  /** Null when the end says nothing about the connection. */
  readonly health: Health | null;
}

function describeOutcome({ status, failure, plan }: RunOutcome): EndRecord {
  const run = { status, isComplete: failure === null, plan: JSON.stringify(plan) };
  if (status === 'needs_review') {
    const message = plan.reasons.map((reason) => reason.message).join(' ');
    return {
      run: { ...run, errorCode: 'needs_review', errorMessage: message },
      health: { healthStatus: 'needs_review', healthMessage: message },
    };
  }
  if (failure === null) {
    return {
      run: { ...run, errorCode: null, errorMessage: null },
      health: { healthStatus: 'ok', healthMessage: null },
    };
  }
  const { code, message } = toRunFailure(failure);
  return { run: { ...run, errorCode: code, errorMessage: message }, health: healthOf(failure, message) };
}

function describeFailure(failure: unknown): EndRecord {
  if (failure instanceof RunStopped && failure.why === 'cancelled') {
    return { run: { status: 'cancelled', errorCode: null, errorMessage: null }, health: null };
  }
  if (failure instanceof RunStopped) {
    const message =
      'Espejo stopped while this sync was running. The rows it had written stay; the next sync continues from there.';
    return { run: { status: 'failed', errorCode: 'interrupted', errorMessage: message }, health: null };
  }
  const { code, message } = toRunFailure(failure);
  return {
    run: { status: 'failed', errorCode: code, errorMessage: message },
    health: healthOf(failure, message),
  };
}

function healthOf(failure: unknown, message: string): Health | null {
  if (failure instanceof UpstreamError) {
    return { healthStatus: failure.shownKind === 'gone' ? 'malformed' : failure.shownKind, healthMessage: message };
  }
  return failure instanceof AppError && failure.code.startsWith('upstream_')
    ? { healthStatus: 'malformed', healthMessage: message }
    : null;
}
