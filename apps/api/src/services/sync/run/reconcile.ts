import {
  AppError,
  guardScope,
  guardStoreListing,
  NO_CANDIDATES,
  type RemovalCandidates,
  type ReviewReason,
} from '@espejo/core';
import type { SyncRunStatus } from '@espejo/db';
import type { UpstreamError } from '@espejo/upstream';
import { applyStores } from '../apply/apply-stores.ts';
import { listStores, type StoresListed } from '../list/list-stores.ts';
import { readTools } from '../list/read-tools.ts';
import { syncAttachments } from '../list/sync-attachments.ts';
import { isFileCatalogueDue, syncFiles } from '../list/sync-files.ts';
import { confirmRemovals, noteDueRemovals } from '../removals/confirm-removals.ts';
import { probeSampleFiles } from '../removals/probe-sample-files.ts';
import { guardCandidates, isApproved, keepRemovals, type StoredPlan, toPlan } from '../removals/review-removals.ts';
import { type RunContext, writeRecord } from './run-context.ts';

export interface RunOutcome {
  readonly status: Extract<SyncRunStatus, 'succeeded' | 'partial' | 'needs_review'>;
  readonly plan: StoredPlan;
  /** The first request that upstream did not answer; null when every listing ended cleanly. */
  readonly failure: UpstreamError | null;
}

/**
 * One pass of reconcile: list completely, compare, guard, apply, remove last (docs/architecture.md, section 4). Throws
 * when the run cannot go on; rows written until then are correct and stay.
 */
export async function reconcile(ctx: RunContext): Promise<RunOutcome> {
  const listing = await listStores(ctx);
  const suspicions = await suspect(ctx, listing);
  if (suspicions.length > 0) {
    const review = await stopUnlessApproved(ctx, listing, suspicions);
    if (review !== null) return review;
  }
  const isSuspicious = suspicions.length > 0;

  await applyStores(ctx, listing);
  if (listing.failure !== null && listing.failure.kind !== 'malformed') {
    // Upstream does not answer: listing every store's files now would only add to its load.
    return finish(ctx, listing, NO_CANDIDATES, { isSuspicious, failure: listing.failure });
  }
  const attachments = await syncAttachments(ctx, listing);
  const { counters } = ctx.recorder;
  const hasChanges =
    counters.stores.added + counters.stores.changed + counters.stores.returned + listing.unseenIds.length > 0 ||
    counters.attachments.added + counters.attachments.changed + counters.attachments.missing > 0;
  const isCatalogueDue = await isFileCatalogueDue(ctx, hasChanges);
  const files = isCatalogueDue ? await syncFiles(ctx) : { unseenIds: [], failure: null };

  if (isCatalogueDue && files.failure === null) await readTools(ctx);

  const unseenStores = new Set(listing.unseenIds);
  return finish(
    ctx,
    listing,
    {
      vector_stores: listing.unseenIds,
      files: files.unseenIds,
      attachments: attachments.unseen
        .filter(({ storeId }) => !unseenStores.has(storeId))
        .map(({ storeId, fileId }) => `${storeId}/${fileId}`),
    },
    { isSuspicious, failure: listing.failure ?? attachments.failure ?? files.failure },
  );
}

/** Why the listing looks like another project's, or like a wrong one. */
async function suspect(ctx: RunContext, listing: StoresListed): Promise<ReviewReason[]> {
  const { connection, tenantId } = ctx;
  const knownCount = listing.known.size;
  const accepted = { organization: connection.seenOrganization, project: connection.seenProject };
  // A project without stores can still lose its files.
  const heldCount = knownCount || (await ctx.db.read.files.summarize(tenantId, connection.id)).count;
  return [
    guardScope(listing.scope, accepted, heldCount),
    await probeSampleFiles(ctx, { listing, fileCount: heldCount }),
    guardStoreListing({ knownCount, seenCount: listing.listed.size, seenKnownCount: listing.seenKnownCount }),
  ].filter((reason): reason is ReviewReason => reason !== null);
}

/** Stops before anything is applied, unless a user has approved what this listing would do. */
async function stopUnlessApproved(
  ctx: RunContext,
  listing: StoresListed,
  suspicions: readonly ReviewReason[],
): Promise<RunOutcome | null> {
  if (!listing.isComplete) {
    throw new AppError(
      'upstream_malformed',
      'The listing of stores broke off, and it contains no known store. Nothing was applied; the next sync tries again.',
      { cause: listing.failure },
    );
  }
  const candidates = { ...NO_CANDIDATES, vector_stores: listing.unseenIds };
  // The approval made another project the accepted one: this answer is of a third.
  const isOtherProject = suspicions.some((reason) => reason.code === 'project_changed');
  if (!isOtherProject && (await isApproved(ctx, candidates))) return null;
  return stopForReview(ctx, listing, candidates, { reasons: suspicions, failure: null });
}

async function finish(
  ctx: RunContext,
  listing: StoresListed,
  candidates: RemovalCandidates,
  end: { isSuspicious: boolean; failure: UpstreamError | null },
): Promise<RunOutcome> {
  const reasons = await guardCandidates(ctx, candidates, listing.known.size);
  if (reasons.length > 0 && !(await isApproved(ctx, candidates))) {
    return stopForReview(ctx, listing, candidates, { reasons, failure: end.failure });
  }
  let { failure } = end;
  if (ctx.run.isDryRun) {
    await keepRemovals(ctx, candidates);
    await noteDueRemovals(ctx, candidates);
  } else {
    const unconfirmed = await confirmRemovals(ctx, candidates);
    failure ??= unconfirmed;
    // When no removal needs approval any more, the approval is used up: one approval, one plan.
    const needsPerson = end.isSuspicious || reasons.length > 0;
    if (!needsPerson && failure === null && ctx.connection.approvedRunId !== null) {
      await writeRecord(ctx, (tx) => tx.connections.update(ctx.tenantId, ctx.connection.id, { approvedRunId: null }));
    }
  }
  return {
    status: failure === null ? 'succeeded' : 'partial',
    plan: toPlan(ctx, candidates, [], listing.scope),
    failure,
  };
}

async function stopForReview(
  ctx: RunContext,
  listing: StoresListed,
  candidates: RemovalCandidates,
  why: { reasons: readonly ReviewReason[]; failure: UpstreamError | null },
): Promise<RunOutcome> {
  await keepRemovals(ctx, candidates);
  ctx.log.warn({ reasons: why.reasons }, 'the sync waits for approval');
  return {
    status: 'needs_review',
    plan: toPlan(ctx, candidates, why.reasons, listing.scope),
    failure: why.failure,
  };
}
