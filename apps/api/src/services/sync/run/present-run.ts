import { type SyncProgress, toSeconds } from '@espejo/core';
import type { Repositories, SyncRunRecord } from '@espejo/db';
import type { RunSummary, SyncPlan, SyncRun } from '../../context/views.ts';
import { NAMED_REMOVALS_MAX, type StoredPlan } from '../removals/review-removals.ts';
import { presentReview } from './present-review.ts';
import type { RunCounters } from './run-counters.ts';

/** When a run took place and how it ended. */
export async function presentSummary(read: Repositories, record: SyncRunRecord): Promise<RunSummary> {
  return {
    id: record.id,
    dryRun: record.isDryRun,
    full: record.isFull,
    status: record.status,
    startedAt: toSeconds(record.startedAtMs),
    finishedAt: record.finishedAtMs === null ? null : toSeconds(record.finishedAtMs),
    durationMs: record.finishedAtMs === null ? null : record.finishedAtMs - record.startedAtMs,
    review: await presentReview(read, record),
  };
}

/** A run in the API's form. */
export async function presentRun(read: Repositories, record: SyncRunRecord): Promise<SyncRun> {
  const counters = JSON.parse(record.counters) as RunCounters;
  return {
    ...(await presentSummary(read, record)),
    connectionId: record.connectionId,
    connectionName: record.connectionName ?? 'Deleted connection',
    trigger: record.trigger,
    progress: JSON.parse(record.progress) as SyncProgress,
    requests: record.requestCount,
    rateLimited: record.rateLimitedCount,
    counters,
    isComplete: record.isComplete,
    plan:
      record.plan === null ? null : await presentPlan(read, record, JSON.parse(record.plan) as StoredPlan, counters),
    error: record.errorCode === null ? null : { code: record.errorCode, message: record.errorMessage ?? '' },
    approvedAt: record.approvedAtMs === null ? null : toSeconds(record.approvedAtMs),
  };
}

async function presentPlan(
  read: Repositories,
  record: SyncRunRecord,
  plan: StoredPlan,
  counters: RunCounters,
): Promise<SyncPlan> {
  const removals = (kind: 'vector_stores' | 'attachments' | 'files') =>
    read.syncRemovals.list(record.tenantId, record.id, kind, NAMED_REMOVALS_MAX);
  const part = (kind: keyof RunCounters) => {
    const { added, changed, returned, removed } = counters[kind];
    const missing = plan.candidateCounts[kind === 'stores' ? 'vector_stores' : kind];
    return { added, changed: changed + returned, missing: Math.max(0, missing - removed), removed };
  };
  const stores = { ...part('stores'), removals: await removals('vector_stores') };
  const attachments = { ...part('attachments'), removals: await removals('attachments') };
  const files = { ...part('files'), removals: await removals('files') };
  return {
    hash: plan.hash,
    isInSync: [stores, attachments, files].every((p) => p.added + p.changed + p.missing + p.removed === 0),
    reasons: [...plan.reasons],
    stores,
    attachments,
    files,
  };
}
