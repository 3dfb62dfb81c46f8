import { type FileToKeep, type KeptReason, monthlySavingsUsd, type ToolUse, toSeconds, toSteps } from '@espejo/core';
import { TRASHED, type VectorStoreRecord } from '@espejo/db';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import { LEDGER_RETENTION_DAYS } from '../prune-deletions.ts';
import type { DeletionPlan } from '../views.ts';
import { PLAN_ROWS_MAX } from './bounds.ts';
import type { Decided } from './compute-plan.ts';
import { countProjects, groupByConnection, largestFilesFirst, largestStoresFirst } from './group-plan.ts';
import type { DeletionRequest } from './plan-request.ts';
import { nameToolUse, presentUnknownTools } from './present-tool-uses.ts';
import { presentUses } from './present-uses.ts';

/** A store used within this time is probably still in use. */
const RECENT_USE_MS = 7 * 86_400_000;
/** From this number of items on the user has to type a confirmation. */
const SEVERE = { stores: 5, files: 50 } as const;

/** The plan in the API's form: impact in numbers, cost and sentences. */
export async function presentPlan(
  deps: DeletionWorkContext,
  tenantId: string,
  request: DeletionRequest,
  decided: Decided,
  planHash: string,
  nowMs: number,
): Promise<DeletionPlan> {
  const { decision, connectionOf } = decided;
  const stores = largestStoresFirst(
    decision.storeIds.map((id) => decided.stores.get(id)).filter((store) => store !== undefined),
  );
  const mirrored = stores.filter((store) => store.source === 'cache');
  const steps = toSteps(decision, request.files);
  const detaches = steps.filter((step) => step.kind === 'detach');
  const detachedIds = new Set(detaches.map((step) => step.fileId));
  const detachCount = detaches.length;
  const groups = groupByConnection(decided, detaches);
  const remoteDetaches = detaches.filter((step) => connectionOf.get(step.fileId ?? '') !== null).length;
  const usageBytes = stores.reduce((sum, store) => sum + store.usageBytes, 0);
  const recent = mirrored.filter((store) => nowMs - (store.lastActiveAt ?? 0) * 1000 < RECENT_USE_MS);
  const { agents, agentCount, warnings } = presentUses(decided.uses);
  const usesOf = Map.groupBy(decided.uses, ({ storeId }) => storeId);
  const isNeeded = decided.uses.some(({ mode }) => mode === 'required');
  const filesShown = largestFilesFirst(decision.filesToDelete, decided.files).slice(0, PLAN_ROWS_MAX);
  const keptShown = largestFilesFirst(decision.filesToKeep, decided.files).slice(0, PLAN_ROWS_MAX);
  return {
    planHash,
    createdAt: toSeconds(nowMs),
    files: request.files,
    severity:
      isNeeded || countProjects(groups) > 1
        ? 'high'
        : severityOf(decision.storeIds.length, mirrored.length, decision.filesToDelete.length, recent.length),
    counts: {
      stores: decision.storeIds.length,
      filesToDelete: decision.filesToDelete.length,
      filesKept: decision.filesToKeep.length,
      attachmentsToDetach: detachCount,
      notFound: decided.notFound.length,
    },
    connections: groups,
    stores: stores.slice(0, PLAN_ROWS_MAX).map((store) => ({
      id: store.id,
      name: store.name,
      source: store.source,
      connectionId: store.connectionId,
      fileCount: store.fileCounts.total,
      usageBytes: store.usageBytes,
      lastActiveAt: store.lastActiveAt,
      usedBy: (usesOf.get(store.id) ?? []).map(({ agentKey, mode }) => ({ agentKey, mode })),
    })),
    agents,
    agentCount,
    filesToDelete: filesShown.map(({ id }) => ({
      id,
      connectionId: connectionOf.get(id) ?? null,
      filename: decided.files.get(id)?.filename ?? null,
      bytes: decided.files.get(id)?.bytes ?? null,
      createdAt: decided.files.get(id)?.createdAt ?? null,
    })),
    filesKept: await Promise.all(
      keptShown.map(async (file) => ({
        id: file.id,
        connectionId: connectionOf.get(file.id) ?? null,
        filename: decided.files.get(file.id)?.filename ?? null,
        bytes: decided.files.get(file.id)?.bytes ?? null,
        createdAt: decided.files.get(file.id)?.createdAt ?? null,
        reason: file.reason,
        message: keptMessage(file, detachedIds.has(file.id), decided.toolUses.get(file.id)),
        sharedWith: await nameStores(deps, tenantId, file),
      })),
    ),
    usageBytes,
    fileBytes: decision.filesToDelete.reduce((sum, { id }) => sum + (decided.files.get(id)?.bytes ?? 0), 0),
    savings: { perMonth: await savingsUsd(deps, tenantId, stores), currency: 'USD' },
    isUndoable: stores.length > 0 && mirrored.length === 0 && decision.filesToDelete.length === 0,
    consequences: consequencesOf(stores, decided),
    warnings: [
      ...warnings,
      ...presentUnknownTools(decided.unknownTools),
      ...(recent.length === 0 ? [] : [{ code: 'recently_used', message: recentMessage(recent) }]),
    ],
    requestsNeeded: requestsNeeded(decided, request.files, remoteDetaches),
  };
}

function severityOf(stores: number, mirrored: number, files: number, recent: number): DeletionPlan['severity'] {
  if (mirrored === 0 && files === 0) return 'low';
  return stores >= SEVERE.stores || files >= SEVERE.files || recent > 0 ? 'high' : 'medium';
}

/**
 * Requests: 1 to detach; 2 for a file (delete, prove gone); 3 for a store (prove empty, delete, prove gone), or 2 when
 * its files are kept.
 */
function requestsNeeded(decided: Decided, files: 'delete' | 'keep', detachCount: number): number {
  const remoteStores = decided.decision.storeIds.filter((id) => decided.connectionOf.get(id) !== null).length;
  const remoteFiles = decided.decision.filesToDelete.filter(({ id }) => decided.connectionOf.get(id) !== null).length;
  return detachCount + 2 * remoteFiles + (files === 'keep' ? 2 : 3) * remoteStores;
}

function consequencesOf(stores: readonly VectorStoreRecord[], { decision, notFound, connectionOf }: Decided): string[] {
  const primaryFiles = decision.filesToDelete.filter(({ id }) => connectionOf.get(id) === null).length;
  const remoteFiles = decision.filesToDelete.length - primaryFiles;
  const trashed = stores.filter((store) => store.status === TRASHED).length;
  const own = stores.filter((store) => store.source === 'primary').length - trashed;
  const mirrored = stores.length - own - trashed;
  const lines: string[] = [];
  if (mirrored > 0) {
    lines.push(
      `${count(mirrored, 'vector store is', 'vector stores are')} deleted at OpenAI, at once and for good. Searches and agents that use ${mirrored === 1 ? 'it' : 'them'} fail from then on.`,
    );
  }
  if (primaryFiles > 0) {
    lines.push(
      `${count(primaryFiles, 'file stored in Espejo is', 'files stored in Espejo are')} deleted for good, out of every store.`,
    );
  }
  if (remoteFiles > 0) {
    lines.push(
      `${count(remoteFiles, 'file is', 'files are')} deleted at OpenAI for good. OpenAI does not give files back: keep your own copies.`,
    );
  }
  const shared = decision.filesToKeep.filter(
    (file) => file.reason === 'shared' || file.reason === 'other_tenant',
  ).length;
  if (shared > 0)
    lines.push(
      `${count(shared, 'file is', 'files are')} kept because other stores use ${shared === 1 ? 'it' : 'them'}.`,
    );
  if (own > 0)
    lines.push(
      `${count(own, 'primary store moves', 'primary stores move')} to the trash and can be restored until purged.`,
    );
  if (trashed > 0)
    lines.push(
      `${count(trashed, 'store is in the trash already and stays', 'stores are in the trash already and stay')} there until purged.`,
    );
  if (mirrored > 0 || decision.filesToDelete.length > 0) {
    lines.push(
      `Espejo keeps what it knows of them (names, sizes, attributes) in the task, readable for ${LEDGER_RETENTION_DAYS} days.`,
    );
  }
  if (notFound.length > 0)
    lines.push(
      `${count(notFound.length, 'item', 'items')} named in the request ${notFound.length === 1 ? 'is' : 'are'} not there any more.`,
    );
  return lines;
}

const KEPT: Record<KeptReason, string> = {
  shared: 'Another store uses it',
  other_tenant: 'Another tenant uses it',
  too_fresh: 'Uploaded just now, and possibly about to be attached to a store',
  user_data: 'Its purpose can be used without a store',
  used_by_tool: 'Another tool uses it',
  keep_requested: 'You asked to keep the files',
};

function keptMessage(file: FileToKeep, isDetached: boolean, toolUses: readonly ToolUse[] = []): string {
  const [use] = toolUses;
  const why = file.reason === 'used_by_tool' && use !== undefined ? `${nameToolUse(use)} uses it` : KEPT[file.reason];
  return `${why}: it is ${isDetached ? 'detached, not deleted' : 'kept'}.`;
}

async function nameStores(deps: DeletionWorkContext, tenantId: string, file: FileToKeep) {
  // Another tenant's stores must not be named.
  if (file.reason === 'other_tenant') return [];
  return Promise.all(
    file.sharedWith
      .slice(0, 10)
      .map(async (id) => ({ id, name: (await deps.db.read.vectorStores.find(tenantId, id))?.name ?? null })),
  );
}

async function savingsUsd(
  deps: DeletionWorkContext,
  tenantId: string,
  stores: readonly VectorStoreRecord[],
): Promise<number> {
  const rates = await deps.ratesOf(tenantId);
  let total = 0;
  for (const [connectionId, group] of Map.groupBy(stores, (store) => store.connectionId)) {
    // Only OpenAI's storage is billed by OpenAI.
    if (connectionId === null) continue;
    const { usageBytes } = await deps.db.read.connections.totals(tenantId, connectionId);
    total += monthlySavingsUsd(
      group.reduce((sum, store) => sum + store.usageBytes, 0),
      usageBytes,
      rates,
    );
  }
  return Math.round(total * 100) / 100;
}

function recentMessage(recent: readonly VectorStoreRecord[]): string {
  const [first] = recent;
  const name = first?.name ?? first?.id ?? '';
  return recent.length === 1
    ? `'${name}' was used within the last 7 days.`
    : `${recent.length} of these stores were used within the last 7 days, '${name}' among them.`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
