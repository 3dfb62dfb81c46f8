import type { DeletionPlan } from '@espejo/contracts';
import { AppError, type DeletionDecision, deletionHash, diffDecisions, prefixedId, toSteps } from '@espejo/core';
import type { NewDeletionStep } from '@espejo/db';
import { type DeletionDeps, upstreamIdentity } from './deletion-deps.ts';
import { type Decided, makeDecision } from './make-decision.ts';
import { keepPlan } from './plan-deletion.ts';
import type { DeletionRequest } from './plan-request.ts';

export interface StartDeletionInput {
  readonly tenantId: string;
  readonly planHash: string;
  readonly actor: string;
  readonly trigger: 'person' | 'expiry' | 'trash' | 'api';
}

/**
 * Carries out exactly the plan of this hash: the live upstream is read again, and when the decision it leads to is
 * another one, nothing is touched and `stale_plan` tells what moved, with the hash of the plan as it is now. Otherwise
 * the whole intent goes on record, and the work begins.
 */
export async function startDeletion(deps: DeletionDeps, input: StartDeletionInput): Promise<{ id: string }> {
  const { tenantId, planHash } = input;
  const kept = await deps.db.read.deletions.findPlan(tenantId, planHash);
  if (kept === undefined) {
    throw new AppError(
      'stale_plan',
      'There is no open plan with this hash. Make a plan, look at it, and send its hash.',
    );
  }
  const request = JSON.parse(kept.request) as DeletionRequest;
  const decided = await makeDecision(deps, tenantId, request);
  if (deletionHash(decided.decision, request.files) !== planHash) {
    const plan = await keepPlan(deps, tenantId, request, decided);
    throw new AppError(
      'stale_plan',
      'The stores or files have changed since the plan was made. Nothing was deleted. Look at the new plan.',
      {
        details: {
          planHash: plan.planHash,
          difference: diffDecisions(JSON.parse(kept.decision) as DeletionDecision, decided.decision),
        },
      },
    );
  }
  const plan = JSON.parse(kept.plan) as DeletionPlan;
  const nowMs = deps.clock.nowMs();
  const id = prefixedId('del', nowMs, deps.randomHex);
  await deps.db.transaction(async (tx) => {
    await tx.deletions.insert({
      tenantId,
      id,
      planHash,
      status: 'waiting',
      title: titleOf(plan),
      actor: input.actor,
      trigger: input.trigger,
      files: request.files,
      counts: JSON.stringify(plan.counts),
      usageBytes: plan.usageBytes,
      savingsUsd: String(plan.savings.perMonth),
      message: null,
      isCancelRequested: false,
      createdAtMs: nowMs,
      startedAtMs: null,
      finishedAtMs: null,
    });
    await tx.deletionSteps.insert(tenantId, id, toLedger(decided, request.files));
    await tx.deletions.removePlan(tenantId, planHash);
    await tx.audit.append({
      tenantId,
      atMs: nowMs,
      actor: input.actor,
      action: 'deletion.requested',
      subject: id,
      outcome: 'accepted',
      detail: { planHash, counts: plan.counts, request },
    });
  });
  deps.log.info({ deletionId: id, planHash, counts: plan.counts }, 'deletion accepted');
  deps.deletionWorkers.kick(tenantId, id);
  return { id };
}

function toLedger(decided: Decided, files: 'delete' | 'keep'): NewDeletionStep[] {
  return toSteps(decided.decision, files).map((step) => {
    const store = step.storeId === null ? undefined : decided.stores.get(step.storeId);
    const file = step.fileId === null ? undefined : decided.files.get(step.fileId);
    const connectionId =
      decided.connectionOf.get(step.kind === 'delete_store' ? (step.storeId ?? '') : (step.fileId ?? '')) ?? null;
    const connection = connectionId === null ? undefined : decided.connections.get(connectionId);
    const snapshot = step.kind === 'delete_store' ? store : step.kind === 'delete_file' ? file : undefined;
    return {
      ...step,
      connectionId,
      upstreamIdentity: connection === undefined ? null : upstreamIdentity(connection),
      name: (step.kind === 'delete_store' ? store?.name : file?.filename) ?? null,
      snapshot: snapshot === undefined ? null : JSON.stringify(snapshot),
    };
  });
}

function titleOf(plan: DeletionPlan): string {
  const { stores, filesToDelete } = plan.counts;
  const [first] = plan.stores;
  if (stores === 1 && first !== undefined) return `Delete store ${first.name ?? first.id}`;
  if (stores > 1) return `Delete ${stores} stores`;
  const [file] = plan.filesToDelete;
  if (filesToDelete === 1 && file !== undefined) return `Delete file ${file.filename ?? file.id}`;
  return `Delete ${filesToDelete} files`;
}
