import { AppError, asDiskFull, createStepGraph, isDiskFull } from '@espejo/core';
import type { ConnectionRow, DeletionRow, DeletionStepRecord, Lease } from '@espejo/db';
import type { DeletionWorkContext } from '../../context/app-context.ts';

import { checkUpstream, classifyError, type RetryDecision } from './classify-error.ts';
import { runStep, type StepTools } from './execute-remote-step.ts';
import {
  createPreconditionMonitor,
  type Interruption,
  type PreconditionMonitor,
  refusalOf,
} from './precondition-monitor.ts';
import { publishProgress } from './publish-progress.ts';
import { createStepRecorder, type StepRecorder } from './step-recorder.ts';

export interface SessionInput {
  readonly tenantId: string;
  readonly deletionId: string;
  readonly connectionId: string;
  readonly decidedAtMs: number | null;
  readonly changeCount: () => number;
  readonly lease: Lease;
  /** Aborted by shutdown, and when the lease is lost. */
  readonly signal: AbortSignal;
}

export type SessionEnd =
  | { readonly type: 'done' }
  | { readonly type: 'lease_lost' }
  | {
      readonly type: 'pause';
      readonly reason: string;
      readonly hasProgressed: boolean;
      /** When the plan was last compared with the live upstream. */
      readonly decidedAtMs: number | null;
    };

/** After this many steps in a row without an answer, upstream counts as down. */
const FAILURES_IN_A_ROW_MAX = 8;
/** A step that upstream fails to answer this often, while it answers others, waits for a person. */
const ATTEMPTS_MAX = 5;

const BLOCKED = 'Waits for another step of this deletion that failed.';

/**
 * Works under one lease until no step can be done, or upstream must not be called for a while. Steps that can never be
 * done through this connection are parked here.
 */
export async function executeRemoteSteps(deps: DeletionWorkContext, input: SessionInput): Promise<SessionEnd> {
  const { tenantId, deletionId, connectionId, signal } = input;
  try {
    const deletion = await deps.db.read.deletions.find(tenantId, deletionId);
    const steps = await deps.db.read.deletionSteps.listOfConnection(tenantId, deletionId, connectionId);
    if (deletion === undefined || !steps.some((step) => step.state === 'pending')) return DONE;
    const connection = await deps.db.read.connections.find(tenantId, connectionId);
    const recorder = createStepRecorder(deps, input);
    const refusal = refusalOf(connection, steps);
    if (connection === undefined || refusal !== null) {
      await recorder.parkPending(refusal ?? '');
      return DONE;
    }
    await deps.db.transaction((tx) =>
      tx.deletions.update(tenantId, deletionId, {
        status: 'running',
        startedAtMs: deletion.startedAtMs ?? deps.clock.nowMs(),
      }),
    );
    return await workOff(deps, {
      deletion,
      // Steps that failed before come last, so that they do not delay the others.
      steps: steps.toSorted((a, b) => a.attempts - b.attempts),
      tools: toTools(deps, { deletion, steps, connection, signal }),
      recorder,
      preconditions: createPreconditionMonitor(deps, { ...input, connection, steps }),
      concurrency: connection.concurrency,
    });
  } catch (cause) {
    if (isLeaseLost(cause) || isLeaseLost(signal.reason)) return { type: 'lease_lost' };
    signal.throwIfAborted();
    const known = asDiskFull(cause);
    if (known instanceof AppError && (known.code === 'database_busy' || isDiskFull(known)))
      return { type: 'pause', reason: known.message, hasProgressed: false, decidedAtMs: null };
    throw cause;
  }
}

const DONE: SessionEnd = { type: 'done' };

interface Session {
  readonly deletion: DeletionRow;
  readonly steps: readonly DeletionStepRecord[];
  readonly tools: StepTools;
  readonly recorder: StepRecorder;
  readonly preconditions: PreconditionMonitor;
  readonly concurrency: number;
}

/** Runs ready steps in parallel until none is left, then records which steps they have freed. */
async function workOff(deps: DeletionWorkContext, session: Session): Promise<SessionEnd> {
  const { deletion, steps, tools, recorder, preconditions } = session;
  const bySeq = new Map(steps.map((step) => [step.seq, step]));
  const graph = createStepGraph(steps);
  const unanswered: { readonly step: DeletionStepRecord; readonly reason: string }[] = [];
  let doneCount = 0;
  let failuresInARow = 0;
  let end: Interruption | RetryDecision | null = null;

  async function work(): Promise<void> {
    for (;;) {
      tools.signal.throwIfAborted();
      await look();
      const seq = end === null ? graph.take() : undefined;
      const step = seq === undefined ? undefined : bySeq.get(seq);
      if (step === undefined) return;
      await doStep(step);
      publishProgress(deps, deletion.tenantId, deletion.id);
    }
  }

  async function look(): Promise<void> {
    try {
      end ??= await preconditions.look();
    } catch (cause) {
      const decision = await classifyError(cause, tools.upstream, tools.signal);
      end ??= decision.type === 'stop' ? decision : { ...decision, type: 'pause' };
    }
  }

  async function doStep(step: DeletionStepRecord): Promise<void> {
    const attempts = step.attempts + 1;
    const holders = step.kind === 'delete_file' ? preconditions.newHoldersOf(step.fileId ?? '') : undefined;
    if (holders !== undefined) {
      const [storeId] = holders.storeIds;
      const who = holders.tool ?? (storeId === undefined ? 'another tenant' : `vector store '${storeId}'`);
      await recorder.record(
        step,
        'cancelled',
        `Kept, not deleted: ${who} uses it now, unlike when the plan was made.`,
        attempts,
      );
      return free(step);
    }
    let decision: RetryDecision;
    try {
      const reason = await runStep(step, tools);
      if (reason === null) {
        doneCount += 1;
        failuresInARow = 0;
        await recorder.record(step, 'done', null, attempts);
        return free(step);
      }
      decision = { type: 'park', reason };
    } catch (cause) {
      tools.signal.throwIfAborted();
      decision = await classifyError(cause, tools.upstream, tools.signal);
    }
    if (decision.type === 'park') return recorder.record(step, 'parked', decision.reason, attempts);
    await recorder.record(step, 'pending', decision.reason, step.attempts);
    if (decision.type !== 'retry') {
      end ??= decision;
      return;
    }
    unanswered.push({ step, reason: decision.reason });
    failuresInARow += 1;
    if (failuresInARow >= FAILURES_IN_A_ROW_MAX) end ??= { ...decision, type: 'pause' };
  }

  // A worker ends when nothing is ready; a step that frees others starts as many as the concurrency allows.
  const workers = new Set<Promise<void>>();
  let failure: { readonly cause: unknown } | undefined;
  function free(step: DeletionStepRecord): void {
    graph.finish(step.seq);
    startWorkers();
  }
  function startWorkers(): void {
    for (let room = session.concurrency - workers.size; room > 0 && failure === undefined && graph.hasReady(); room--) {
      const worker = work()
        .catch((cause: unknown) => {
          failure ??= { cause };
          end ??= { type: 'pause', reason: '' };
        })
        .finally(() => workers.delete(worker));
      workers.add(worker);
    }
  }
  startWorkers();
  while (workers.size > 0) await Promise.all(workers);
  await recorder.flush();
  if (failure !== undefined) throw failure.cause;
  return conclude(session, { end, unanswered, hasProgressed: doneCount > 0 });
}

interface Outcome {
  readonly end: Interruption | RetryDecision | null;
  readonly unanswered: readonly { readonly step: DeletionStepRecord; readonly reason: string }[];
  readonly hasProgressed: boolean;
}

async function conclude(session: Session, outcome: Outcome): Promise<SessionEnd> {
  const { recorder, tools } = session;
  const { unanswered, hasProgressed } = outcome;
  const { decidedAtMs } = session.preconditions;
  let { end } = outcome;
  if (end?.type === 'cancelled') return DONE;
  let waiting = unanswered;
  if (end?.type !== 'stop' && unanswered.length > 0) {
    const general = await checkUpstream(tools.upstream, tools.signal);
    if (general?.type === 'stop') end = general;
    // Upstream answers other steps, so these failures count against the attempt limit.
    if (general === null) waiting = await countAttempt(recorder, unanswered);
  }
  if (end?.type === 'stop') {
    await recorder.parkPending(end.reason);
    return DONE;
  }
  const reason = end?.reason ?? waiting[0]?.reason;
  if (reason !== undefined) return { type: 'pause', reason, hasProgressed, decidedAtMs };
  await recorder.parkPending(BLOCKED);
  return DONE;
}

/** Counts an attempt of each step; parks those that had their last one and returns the others. */
async function countAttempt(recorder: StepRecorder, unanswered: Outcome['unanswered']): Promise<Outcome['unanswered']> {
  for (const { step, reason } of unanswered) {
    const attempts = step.attempts + 1;
    await recorder.record(step, attempts < ATTEMPTS_MAX ? 'pending' : 'parked', reason, attempts);
  }
  await recorder.flush();
  return unanswered.filter(({ step }) => step.attempts + 1 < ATTEMPTS_MAX);
}

function toTools(
  deps: DeletionWorkContext,
  input: {
    readonly deletion: DeletionRow;
    readonly steps: readonly DeletionStepRecord[];
    readonly connection: ConnectionRow;
    readonly signal: AbortSignal;
  },
): StepTools {
  const { deletion, steps, connection, signal } = input;
  const detached = Map.groupBy(
    steps.filter((step) => step.kind === 'detach'),
    (step) => step.storeId ?? '',
  );
  return {
    upstream: deps.upstreamFor(connection),
    deleter: deps.deleterFor(connection),
    signal,
    sleep: deps.sleep,
    plannedFilesOf: (storeId) => new Set(detached.get(storeId)?.map((step) => step.fileId ?? '')),
    deletedFileIds: new Set(steps.filter((step) => step.kind === 'delete_file').map((step) => step.fileId ?? '')),
    keepsFiles: deletion.files === 'keep',
  };
}

function isLeaseLost(cause: unknown): boolean {
  return cause instanceof AppError && cause.code === 'lease_lost';
}
