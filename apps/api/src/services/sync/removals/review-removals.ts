import {
  guardRemovals,
  type ItemKind,
  planHash,
  type RemovalCandidates,
  type ReviewReason,
  type UpstreamScopeSeen,
} from '@espejo/core';
import type { RemovalItem, Repositories } from '@espejo/db';
import { type RunContext, writeRecord } from '../run/run-context.ts';

const ITEM_KINDS = ['vector_stores', 'attachments', 'files'] as const satisfies readonly ItemKind[];

/** Removals named on the page of a plan; the rest is in the database. */
export const NAMED_REMOVALS_MAX = 100;

/** The plan as it is stored with its run: the findings, and what needs approval. */
export interface StoredPlan {
  readonly hash: string;
  readonly reasons: readonly ReviewReason[];
  readonly scope: UpstreamScopeSeen;
  readonly candidateCounts: Readonly<Record<ItemKind, number>>;
}

/** The circuit breaker of each kind: known counts are read only where there is anything to compare. */
export async function guardCandidates(
  ctx: RunContext,
  candidates: RemovalCandidates,
  knownStoreCount: number,
): Promise<ReviewReason[]> {
  const { read } = ctx.db;
  const knownCount: Record<ItemKind, () => Promise<number>> = {
    vector_stores: async () => knownStoreCount,
    attachments: () => read.attachments.countOf(ctx.tenantId, ctx.connection.id),
    files: async () => (await read.files.summarize(ctx.tenantId, ctx.connection.id)).count,
  };
  const reasons: ReviewReason[] = [];
  for (const kind of ITEM_KINDS) {
    if (candidates[kind].length === 0) continue;
    const reason = guardRemovals(kind, candidates[kind].length, await knownCount[kind]());
    if (reason !== null) reasons.push(reason);
  }
  return reasons;
}

/** Whether a user has approved all of these removals: exactly that plan, or the rest of it. */
export async function isApproved(ctx: RunContext, candidates: RemovalCandidates): Promise<boolean> {
  const { approvedRunId } = ctx.connection;
  if (approvedRunId === null) return false;
  for (const kind of ITEM_KINDS) {
    if (!(await ctx.db.read.syncRemovals.coversAll(ctx.tenantId, approvedRunId, kind, candidates[kind]))) return false;
  }
  return true;
}

export function toPlan(
  ctx: RunContext,
  candidates: RemovalCandidates,
  reasons: readonly ReviewReason[],
  scope: UpstreamScopeSeen,
): StoredPlan {
  return {
    hash: planHash({ connectionId: ctx.connection.id, candidates, reasons, scope }),
    reasons,
    scope,
    candidateCounts: {
      vector_stores: candidates.vector_stores.length,
      attachments: candidates.attachments.length,
      files: candidates.files.length,
    },
  };
}

/** Stores the plan's removals item by item, with names: the page shows them and an approval covers them. */
export async function keepRemovals(ctx: RunContext, candidates: RemovalCandidates): Promise<void> {
  for (const kind of ITEM_KINDS) {
    for (let i = 0; i < candidates[kind].length; i += 500) {
      const ids = candidates[kind].slice(i, i + 500);
      const items = await nameItems(ctx.db.read, ctx.tenantId, kind, ids);
      await writeRecord(ctx, (tx) => tx.syncRemovals.insert(ctx.tenantId, ctx.run.id, kind, items));
    }
  }
}

async function nameItems(
  read: Repositories,
  tenantId: string,
  kind: ItemKind,
  ids: readonly string[],
): Promise<RemovalItem[]> {
  const items: RemovalItem[] = [];
  for (const id of ids) {
    if (kind === 'vector_stores') items.push({ id, name: (await read.vectorStores.find(tenantId, id))?.name ?? null });
    else {
      const fileId = kind === 'files' ? id : id.slice(id.indexOf('/') + 1);
      items.push({ id, name: (await read.fileList.find(tenantId, fileId))?.filename ?? null });
    }
  }
  return items;
}
