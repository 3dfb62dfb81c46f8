import {
  AppError,
  type AttachmentSnapshot,
  type Authorized,
  type DeletionDecision,
  diffDecisions,
  hashDeletionPlan,
  prefixedId,
  toSteps,
} from '@espejo/core';
import { FULL_DURABILITY, type NewDeletionStep } from '@espejo/db';
import type { DeletionContext } from '../context/app-context.ts';
import { upstreamIdentity } from './execute/upstream-identity.ts';
import { computePlan, type Decided } from './plan/compute-plan.ts';
import { keepPlan } from './plan/plan-deletion.ts';
import type { DeletionRequest } from './plan/plan-request.ts';
import { diffUses } from './plan/present-uses.ts';
import type { DeletionPlan } from './views.ts';

/** Attachments of one store that its snapshot lists. */
const SNAPSHOT_MEMBERS_MAX = 10_000;

export interface StartDeletionInput {
  readonly by: Authorized<'delete'>;
  readonly planHash: string;
  readonly trigger: 'person' | 'expiry' | 'trash' | 'api';
}

/**
 * Carries out exactly the plan of this hash: the live upstream is read again, and when the result is another plan,
 * nothing is deleted and `stale_plan` says what has changed, with the hash of the new plan. Otherwise the deletion is
 * saved with all its steps, and the work begins.
 */
export async function startDeletion(deps: DeletionContext, input: StartDeletionInput): Promise<{ id: string }> {
  const { by, planHash } = input;
  const { tenantId } = by;
  const decidedAtMs = deps.clock.nowMs();
  const kept = await deps.db.read.deletions.findPlan(tenantId, planHash);
  if (kept === undefined) throw await noSuchPlan(deps, tenantId, planHash);
  const request = JSON.parse(kept.request) as DeletionRequest;
  const decided = await computePlan(deps, tenantId, request);
  if (hashDeletionPlan(decided.decision, request.files, decided.uses, decided.unknownTools) !== planHash) {
    const plan = await keepPlan(deps, tenantId, request, decided);
    throw new AppError(
      'stale_plan',
      'The stores or files have changed since the plan was made. Nothing was deleted. Look at the new plan.',
      {
        details: {
          planHash: plan.planHash,
          difference: {
            ...diffDecisions(JSON.parse(kept.decision) as DeletionDecision, decided.decision),
            // A plan made by an older version names no agents.
            ...diffUses((JSON.parse(kept.plan) as Partial<DeletionPlan>).agents ?? [], plan.agents),
          },
        },
      },
    );
  }
  const steps = toLedger(decided, request.files);
  if (steps.length === 0) {
    throw new AppError('invalid_request', 'This plan deletes nothing: what it names is kept, or gone already.');
  }
  const plan = JSON.parse(kept.plan) as DeletionPlan;
  const nowMs = deps.clock.nowMs();
  const id = prefixedId('del', nowMs, deps.randomHex);
  const isMine = await deps.db.transaction(async (tx) => {
    // A plan is carried out once, however often and quickly it is sent.
    if (!(await tx.deletions.removePlan(tenantId, planHash))) return false;
    await tx.deletions.insert({
      tenantId,
      id,
      planHash,
      status: 'waiting',
      title: titleOf(plan, input.trigger),
      actor: by.actor,
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
    await tx.deletionSteps.insert(tenantId, id, steps);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'deletion.requested',
      subject: id,
      outcome: 'accepted',
      detail: { planHash, counts: plan.counts, request },
    });
    return true;
  }, FULL_DURABILITY);
  if (!isMine) throw await noSuchPlan(deps, tenantId, planHash);
  deps.log.info({ deletionId: id, planHash, counts: plan.counts }, 'deletion accepted');
  deps.deletionWorkers.wake(tenantId, id, { decidedAtMs });
  return { id };
}

/** Never made, deleted, or sent twice: then the error names the deletion that it has started. */
async function noSuchPlan(deps: DeletionContext, tenantId: string, planHash: string): Promise<AppError> {
  const id = await deps.db.read.deletions.findOpenOf(tenantId, planHash);
  return id === undefined
    ? new AppError('stale_plan', 'There is no open plan with this hash. Make a plan, look at it, and send its hash.')
    : new AppError('stale_plan', `This plan is being carried out already, by deletion '${id}'.`, {
        details: { deletionId: id },
      });
}

function toLedger(decided: Decided, files: 'delete' | 'keep'): NewDeletionStep[] {
  const { stores, connections, connectionOf } = decided;
  const members = files === 'keep' ? membersByStore(decided) : undefined;
  return toSteps(decided.decision, files).map((step) => {
    const { kind, storeId, fileId } = step;
    const store = storeId === null ? undefined : stores.get(storeId);
    const file = fileId === null ? undefined : decided.files.get(fileId);
    const connectionId = connectionOf.get((kind === 'delete_store' ? storeId : fileId) ?? '') ?? null;
    const connection = connectionId === null ? undefined : connections.get(connectionId);
    const snapshot = {
      delete_store: store && (members === undefined ? store : { ...store, attachments: members.get(store.id) ?? [] }),
      delete_file: file,
      detach: decided.attachments.get(`${storeId}/${fileId}`),
    }[kind];
    return {
      ...step,
      connectionId,
      upstreamIdentity: connection === undefined ? null : upstreamIdentity(connection),
      name: (kind === 'delete_store' ? store?.name : file?.filename) ?? null,
      snapshot: snapshot === undefined ? null : JSON.stringify(snapshot),
    };
  });
}

/**
 * With the files kept no step names the attachments, so the step of the store does: a user who wants them back can see
 * what was in it.
 */
function membersByStore({ attachments }: Decided): ReadonlyMap<string, AttachmentSnapshot[]> {
  const members = new Map<string, AttachmentSnapshot[]>();
  for (const [key, row] of attachments) {
    const storeId = key.slice(0, key.indexOf('/'));
    const rows = members.get(storeId) ?? [];
    if (rows.length < SNAPSHOT_MEMBERS_MAX) rows.push(row);
    members.set(storeId, rows);
  }
  return members;
}

const ACT = { person: 'Delete', api: 'Delete', expiry: 'Purge expired', trash: 'Purge trashed' } as const;

function titleOf(plan: DeletionPlan, trigger: StartDeletionInput['trigger']): string {
  const act = ACT[trigger];
  const { stores, filesToDelete } = plan.counts;
  const [first] = plan.stores;
  if (stores === 1 && first !== undefined) return `${act} store ${first.name ?? first.id}`;
  if (stores > 1) return `${act} ${stores} stores`;
  const [file] = plan.filesToDelete;
  if (filesToDelete === 1 && file !== undefined) return `Delete file ${file.filename ?? file.id}`;
  return `Delete ${filesToDelete} files`;
}
