import { AppError, type Authorized } from '@espejo/core';
import type { SyncContext } from '../../context/app-context.ts';
import type { StoredPlan } from '../removals/review-removals.ts';
import { APPROVED } from './present-review.ts';
import { startSyncRun } from './start-sync-run.ts';

/**
 * Approves the removals of a reviewed run, exactly those of its hash, and starts the run that carries them out: it
 * lists again and stops again when anything else would be removed. Throws `stale_plan` when the hash is not that of the
 * connection's open review, and `sync_already_running` while another run is in progress; then nothing is approved.
 */
export async function approveSyncRun(
  deps: SyncContext,
  input: { readonly by: Authorized<'manage'>; readonly runId: string; readonly planHash: string },
): Promise<{ id: string }> {
  const { by, runId, planHash } = input;
  const { tenantId } = by;
  const run = await deps.db.read.syncRuns.find(tenantId, runId);
  if (run === undefined) throw new AppError('sync_run_not_found', `There is no sync run with id '${runId}'.`);
  if (run.status !== 'needs_review' || run.isDryRun || run.plan === null) {
    throw new AppError('sync_run_not_reviewable', 'This run does not wait for approval.');
  }
  return startSyncRun(
    deps,
    { by, connectionId: run.connectionId, trigger: 'approval', isDryRun: false, isFull: run.isFull },
    async (tx) => {
      const open = await tx.syncRuns.findLatestReal(tenantId, run.connectionId);
      const plan = open?.status === 'needs_review' && open.plan !== null ? (JSON.parse(open.plan) as StoredPlan) : null;
      if (open === undefined || plan?.hash !== planHash) {
        throw new AppError(
          'stale_plan',
          'The plan has changed since it was shown, or another one is open now. Look at the newest run and approve that one.',
        );
      }
      const isScopeApproved = plan.reasons.some((reason) => reason.code === 'project_changed');
      await tx.syncRuns.update(tenantId, open.id, { approvedAtMs: deps.clock.nowMs() });
      await tx.connections.update(tenantId, run.connectionId, {
        approvedRunId: open.id,
        ...(isScopeApproved ? { seenOrganization: plan.scope.organization, seenProject: plan.scope.project } : {}),
      });
      await tx.audit.append(by, {
        atMs: deps.clock.nowMs(),
        action: APPROVED,
        subject: open.id,
        outcome: 'accepted',
        detail: { planHash, connectionId: run.connectionId },
      });
      deps.log.info({ runId: open.id, planHash }, 'removals approved');
    },
  );
}
