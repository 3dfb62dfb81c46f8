import { hash } from 'node:crypto';
import type { StoreUse } from '../agents/file-search.ts';
import type { FileTool } from './tool-uses.ts';

/** Only files of this purpose are used through stores alone, so only they may be deleted with a store. */
const STORE_ONLY_PURPOSE = 'assistants';

export type KeptReason = 'shared' | 'other_tenant' | 'too_fresh' | 'user_data' | 'used_by_tool' | 'keep_requested';

/** A store that is to be deleted, with its live list of files. */
export interface SelectedStore {
  readonly id: string;
  readonly fileIds: readonly string[];
}

/**
 * What upstream reports about a file. `unlisted`: it exists, but is not in the project's list yet, so its purpose is
 * not known. Undefined: there is no such file.
 */
export type FileFacts = { readonly purpose: string; readonly createdAtS: number } | 'unlisted';

export interface PlanInput {
  readonly stores: readonly SelectedStore[];
  /** Single attachments to remove; the store stays. */
  readonly attachments?: readonly { readonly storeId: string; readonly fileId: string }[];
  /** Files named directly (or as orphans), not through a store. */
  readonly fileIds: readonly string[];
  /** Stores outside the plan that keep the file attached, according to live listings and the mirrors of all tenants. */
  readonly referencesTo: (fileId: string) => { readonly storeIds: readonly string[]; readonly isOtherTenant: boolean };
  readonly factsOf: (fileId: string) => FileFacts | undefined;
  /**
   * Whether another tool than vector stores (code interpreter, messages) uses a file, as far as upstream could be
   * asked.
   */
  readonly isUsedByTool?: ((fileId: string) => boolean) | undefined;
  readonly files: 'delete' | 'keep';
  readonly nowS: number;
  /** A younger file in no store may be about to be attached. */
  readonly freshGraceS: number;
}

export interface FileToDelete {
  readonly id: string;
  /** Stores of the plan it is detached from first. */
  readonly detachFrom: readonly string[];
}

export interface FileToKeep extends FileToDelete {
  readonly reason: KeptReason;
  /** Stores outside the plan that keep using it. */
  readonly sharedWith: readonly string[];
}

export interface DeletionDecision {
  readonly storeIds: readonly string[];
  readonly filesToDelete: readonly FileToDelete[];
  readonly filesToKeep: readonly FileToKeep[];
}

/**
 * Decides for each file whether a deletion includes it (rule 10): a file is deleted only when every store that has it
 * is deleted, it has no other reference, and no tool is known to use it. A file that only stores of the plan share is
 * deleted.
 */
export function decideDeletion(input: PlanInput): DeletionDecision {
  const storeIds = [...new Set(input.stores.map((store) => store.id))].sort();
  const detachFrom = new Map<string, Set<string>>();
  for (const fileId of input.fileIds) detachFrom.set(fileId, new Set());
  for (const store of input.stores) {
    for (const fileId of store.fileIds) {
      const stores = detachFrom.get(fileId) ?? new Set();
      stores.add(store.id);
      detachFrom.set(fileId, stores);
    }
  }
  for (const { storeId, fileId } of input.attachments ?? []) {
    const stores = detachFrom.get(fileId) ?? new Set();
    stores.add(storeId);
    detachFrom.set(fileId, stores);
  }
  const filesToDelete: FileToDelete[] = [];
  const filesToKeep: FileToKeep[] = [];
  for (const id of [...detachFrom.keys()].sort()) {
    const file = { id, detachFrom: [...(detachFrom.get(id) ?? [])].sort() };
    const kept = keepReason(input, id, file.detachFrom.length > 0);
    if (kept === null) filesToDelete.push(file);
    else filesToKeep.push({ ...file, ...kept });
  }
  return { storeIds, filesToDelete, filesToKeep };
}

function keepReason(
  input: PlanInput,
  fileId: string,
  isAttached: boolean,
): Pick<FileToKeep, 'reason' | 'sharedWith'> | null {
  if (input.files === 'keep') return { reason: 'keep_requested', sharedWith: [] };
  const { storeIds, isOtherTenant } = input.referencesTo(fileId);
  if (isOtherTenant) return { reason: 'other_tenant', sharedWith: [...storeIds].sort() };
  if (storeIds.length > 0) return { reason: 'shared', sharedWith: [...storeIds].sort() };
  const facts = input.factsOf(fileId);
  // A ghost. Deleting the file again is harmless and proves that it is gone.
  if (facts === undefined) return null;
  if (facts === 'unlisted') return { reason: 'too_fresh', sharedWith: [] };
  if (facts.purpose !== STORE_ONLY_PURPOSE) return { reason: 'user_data', sharedWith: [] };
  if (input.isUsedByTool?.(fileId) === true) return { reason: 'used_by_tool', sharedWith: [] };
  if (!isAttached && input.nowS - facts.createdAtS < input.freshGraceS) return { reason: 'too_fresh', sharedWith: [] };
  return null;
}

/**
 * Identifies one decision. Applying it compares it with a decision made again from the live upstream: equal hashes mean
 * that nothing that was shown has changed (rule 9).
 */
export function hashDeletionPlan(
  decision: DeletionDecision,
  files: 'delete' | 'keep',
  uses: readonly StoreUse[],
  /** Tools that could not be asked whether they use the files to be deleted. */
  unknownTools: readonly FileTool[] = [],
): string {
  const canonical = JSON.stringify([
    files,
    decision.storeIds,
    decision.filesToDelete.map((file) => [file.id, file.detachFrom]),
    decision.filesToKeep.map((file) => [file.id, file.detachFrom, file.reason, file.sharedWith]),
    uses.map((use) => [use.storeId, use.agentKey, use.mode]).sort(),
    [...unknownTools].sort(),
  ]);
  return hash('sha256', canonical, 'hex').slice(0, 32);
}

/** The differences between two decisions, as ids: shown when a hash is stale. */
export function diffDecisions(before: DeletionDecision, after: DeletionDecision) {
  const ids = (files: readonly { id: string }[]) => files.map((file) => file.id);
  const minus = (a: readonly string[], b: readonly string[]) => {
    const other = new Set(b);
    return a.filter((id) => !other.has(id));
  };
  return {
    storesAdded: minus(after.storeIds, before.storeIds),
    storesGone: minus(before.storeIds, after.storeIds),
    nowDeleted: minus(ids(after.filesToDelete), ids(before.filesToDelete)),
    noLongerDeleted: minus(ids(before.filesToDelete), ids(after.filesToDelete)),
    nowKept: minus(ids(after.filesToKeep), ids(before.filesToKeep)),
    noLongerKept: minus(ids(before.filesToKeep), ids(after.filesToKeep)),
  };
}
