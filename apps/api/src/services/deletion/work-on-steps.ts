import { AppError, createStepGraph } from '@espejo/core';
import type { ConnectionRow, DeletionStepRecord, Lease, Repositories } from '@espejo/db';
import { acquireSyncLease, keepLease } from '../sync/hold-lease.ts';
import { createMirrorWriter, type MirrorWriter } from '../sync/mirror-writer.ts';
import { type DeletionDeps, upstreamIdentity } from './deletion-deps.ts';
import { forgetDeleted } from './forget-deleted.ts';
import { publishProgress } from './publish-progress.ts';
import { runStep, type StepOutcome, type StepTools } from './run-step.ts';
import { workOnOwnStores } from './work-on-own-stores.ts';

export interface WorkInput {
  readonly tenantId: string;
  readonly deletionId: string;
  /** Null: stores of ours. */
  readonly connectionId: string | null;
  readonly signal: AbortSignal;
}

/** Between two looks whether a sync has let go of the connection. */
const LEASE_WAIT_MS = 500;
/** Waits while upstream does not answer; the last one repeats. */
const PAUSE_WAITS_MS = [2_000, 10_000, 30_000, 120_000] as const;
/** How often a worker looks whether it was asked to stop. */
const CANCEL_LOOK_MS = 100;
/** A step that upstream refuses to answer this often, while others succeed, waits for a person. */
const ATTEMPTS_MAX = 5;

/**
 * Does the pending steps that one deletion has in one connection. It holds the lease that a sync of the connection
 * holds: what is half deleted upstream never looks like a loss to a sync, and a second process can do nothing.
 */
export async function workOnSteps(deps: DeletionDeps, input: WorkInput): Promise<void> {
  if (input.connectionId === null) return workOnOwnStores(deps, input);
  const connection = await deps.db.read.connections.find(input.tenantId, input.connectionId);
  if (connection === undefined) {
    return parkAll(deps, input, 'The connection of these steps has been deleted. Nothing more can be done through it.');
  }
  for (let pauses = 0; ; ) {
    const before = await deps.db.read.deletionSteps.count(input.tenantId, input.deletionId);
    const lease = await waitForLease(deps, input, connection);
    const ended = await withLease(deps, input, lease, () => workOnce(deps, input, connection, lease));
    if (ended.type === 'done') return;
    if (ended.type === 'stop') return parkAll(deps, input, ended.reason);
    const after = await deps.db.read.deletionSteps.count(input.tenantId, input.deletionId);
    pauses = after.pending < before.pending ? 0 : pauses + 1;
    const waitMs = PAUSE_WAITS_MS[Math.min(pauses, PAUSE_WAITS_MS.length - 1)] ?? 120_000;
    await say(deps, input, `Waiting ${Math.round(waitMs / 1000)} s: ${ended.reason}`);
    await deps.sleep(waitMs, input.signal);
    await say(deps, input, null);
  }
}

type Ended = { readonly type: 'done' } | { readonly type: 'stop' | 'pause'; readonly reason: string };

async function workOnce(deps: DeletionDeps, input: WorkInput, connection: ConnectionRow, lease: Lease): Promise<Ended> {
  const { tenantId, deletionId } = input;
  const deletion = await deps.db.read.deletions.find(tenantId, deletionId);
  const steps = await deps.db.read.deletionSteps.listOfConnection(tenantId, deletionId, connection.id);
  if (deletion === undefined) return { type: 'done' };
  if (steps.some((step) => step.state === 'pending' && step.upstreamIdentity !== upstreamIdentity(connection))) {
    return {
      type: 'stop',
      reason: 'The connection has another address, key or project than when this was planned. Make a new plan.',
    };
  }
  await deps.db.transaction(async (tx) => {
    await tx.deletions.update(tenantId, deletionId, {
      status: 'running',
      startedAtMs: deletion.startedAtMs ?? deps.clock.nowMs(),
    });
  });

  const bySeq = new Map(steps.map((step) => [step.seq, step]));
  const planned = Map.groupBy(
    steps.filter((step) => step.kind === 'detach'),
    (step) => step.storeId ?? '',
  );
  const graph = createStepGraph(steps);
  const tools: StepTools = {
    upstream: deps.upstreamFor(connection),
    deleter: deps.deleterFor(connection),
    signal: input.signal,
    sleep: deps.sleep,
    plannedFilesOf: (storeId) => new Set((planned.get(storeId) ?? []).map((step) => step.fileId ?? '')),
    keepsFiles: deletion.files === 'keep',
  };
  const writer = createMirrorWriter((writes) => commit(deps, lease, connection, writes));
  let ended: Ended = { type: 'done' };
  let isStopping = false;

  let lookedAtMs = 0;
  async function isCancelled(): Promise<boolean> {
    const nowMs = deps.clock.nowMs();
    if (nowMs - lookedAtMs < CANCEL_LOOK_MS) return false;
    lookedAtMs = nowMs;
    return (await deps.db.read.deletions.find(tenantId, deletionId))?.isCancelRequested === true;
  }

  async function work(): Promise<void> {
    for (;;) {
      if (isStopping || input.signal.aborted) return;
      const seq = graph.take();
      const step = seq === undefined ? undefined : bySeq.get(seq);
      if (step === undefined) return;
      if (await isCancelled()) {
        isStopping = true;
        return;
      }
      const outcome = await runStep(step, tools);
      await settleStep(deps, input, connection, writer, step, outcome);
      if (outcome.type === 'done') {
        graph.finish(step.seq);
        startWorkers();
      } else if (outcome.type === 'stop' || (outcome.type === 'pause' && step.attempts + 1 < ATTEMPTS_MAX)) {
        isStopping = true;
        ended = { type: outcome.type, reason: outcome.reason };
      }
      publishProgress(deps, tenantId, deletionId);
    }
  }

  // A worker ends when nothing is ready; a step that frees others starts as many as there is room for.
  const workers = new Set<Promise<void>>();
  let failure: { readonly cause: unknown } | undefined;
  function startWorkers(): void {
    while (workers.size < connection.concurrency && !isStopping && failure === undefined && graph.hasReady()) {
      const worker = work()
        .catch((cause: unknown) => {
          failure ??= { cause };
          isStopping = true;
        })
        .finally(() => workers.delete(worker));
      workers.add(worker);
    }
  }
  startWorkers();
  while (workers.size > 0) await Promise.all(workers);
  await writer.flush();
  if (failure !== undefined) throw failure.cause;
  return ended;
}

async function settleStep(
  deps: DeletionDeps,
  input: WorkInput,
  connection: ConnectionRow,
  writer: MirrorWriter,
  step: DeletionStepRecord,
  outcome: StepOutcome,
): Promise<void> {
  const { tenantId, deletionId } = input;
  const attempts = step.attempts + 1;
  const isParked = outcome.type === 'park' || (outcome.type === 'pause' && attempts >= ATTEMPTS_MAX);
  const state = outcome.type === 'done' ? 'done' : isParked ? 'parked' : 'pending';
  const nowMs = deps.clock.nowMs();
  await writer.push(1, async (tx) => {
    if (outcome.type === 'done') await forgetDeleted(tx, tenantId, connection.id, step);
    await tx.deletionSteps.setState(tenantId, deletionId, step.seq, {
      state,
      reason: outcome.type === 'done' ? null : outcome.reason,
      attempts,
      finishedAtMs: outcome.type === 'done' ? nowMs : null,
    });
  });
  // Not waited for: while one transaction is under way the next one gathers what comes in meanwhile.
  writer.flush().catch((cause: unknown) => deps.log.warn({ err: cause, deletionId }, 'a step could not be recorded'));
}

/** Everything a worker writes: held lease first, and the permit for the mirrored rows that go. */
function commit(
  deps: DeletionDeps,
  lease: Lease,
  connection: ConnectionRow,
  writes: readonly ((tx: Repositories) => Promise<void>)[],
): Promise<void> {
  return deps.db.transaction(async (tx) => {
    await tx.leases.assertHeld(lease);
    await tx.mirrorPermits.grant(connection.tenantId, connection.id);
    for (const write of writes) await write(tx);
    await tx.mirrorPermits.revoke();
  });
}

async function waitForLease(deps: DeletionDeps, input: WorkInput, connection: ConnectionRow): Promise<Lease> {
  for (let isTold = false; ; ) {
    input.signal.throwIfAborted();
    try {
      const { tenantId } = input;
      return await acquireSyncLease({
        ...deps,
        tenantId,
        connectionId: connection.id,
        ttlMs: deps.settings.leaseTtlMs,
      });
    } catch (cause) {
      if (!(cause instanceof AppError && cause.code === 'sync_already_running')) throw cause;
    }
    if (!isTold) await say(deps, input, 'Waiting for the sync of this connection to end.');
    isTold = true;
    await deps.sleep(LEASE_WAIT_MS, input.signal);
  }
}

async function withLease<T>(deps: DeletionDeps, input: WorkInput, lease: Lease, work: () => Promise<T>): Promise<T> {
  const stop = keepLease({
    ...deps,
    lease,
    ttlMs: deps.settings.leaseTtlMs,
    // The next write of this worker fails on the lease; its acts upstream are safe to repeat.
    onLost: (cause) =>
      deps.log.warn({ err: cause, deletionId: input.deletionId }, 'another process has taken over a deletion'),
  });
  try {
    return await work();
  } finally {
    stop();
    await deps.db.transaction((tx) => tx.leases.release(lease)).catch(() => undefined);
  }
}

async function parkAll(deps: DeletionDeps, input: WorkInput, reason: string): Promise<void> {
  const { tenantId, deletionId, connectionId } = input;
  await deps.db.transaction(async (tx) => {
    await tx.deletionSteps.moveAll(tenantId, deletionId, { from: 'pending', to: 'parked', reason, connectionId });
  });
}

async function say(deps: DeletionDeps, { tenantId, deletionId }: WorkInput, message: string | null): Promise<void> {
  await deps.db.transaction((tx) => tx.deletions.update(tenantId, deletionId, { message }));
  publishProgress(deps, tenantId, deletionId);
}
