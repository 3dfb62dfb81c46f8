import type { FileSnapshot, PlannedStep } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';
import type { DeletionPlan } from '../views.ts';
import type { Decided } from './compute-plan.ts';

type PlannedConnection = DeletionPlan['connections'][number];

/** The effects of a plan by connection. Primary stores and their files come last, with a null connection. */
export function groupByConnection(
  { decision, connections, connectionOf, stores, files }: Decided,
  detaches: readonly PlannedStep[],
): PlannedConnection[] {
  const through = (id: string | null): string | null => connectionOf.get(id ?? '') ?? null;
  const storeIds = Map.groupBy(decision.storeIds, through);
  const toDelete = Map.groupBy(decision.filesToDelete, (file) => through(file.id));
  const toKeep = Map.groupBy(decision.filesToKeep, (file) => through(file.id));
  const toDetach = Map.groupBy(detaches, (step) => through(step.fileId));
  return [...connections.values(), null].flatMap((connection) => {
    const id = connection?.id ?? null;
    const counts = {
      stores: storeIds.get(id)?.length ?? 0,
      filesToDelete: toDelete.get(id)?.length ?? 0,
      filesKept: toKeep.get(id)?.length ?? 0,
      attachmentsToDetach: toDetach.get(id)?.length ?? 0,
    };
    if (Object.values(counts).every((count) => count === 0)) return [];
    return {
      connectionId: id,
      name: connection?.name ?? null,
      counts,
      usageBytes: sumOf(storeIds.get(id) ?? [], (storeId) => stores.get(storeId)?.usageBytes),
      fileBytes: sumOf(toDelete.get(id) ?? [], (file) => files.get(file.id)?.bytes),
    };
  });
}

/** The number of upstream projects that a plan changes. */
export function countProjects(groups: readonly PlannedConnection[]): number {
  return groups.filter(
    ({ connectionId, counts }) =>
      connectionId !== null && counts.stores + counts.filesToDelete + counts.attachmentsToDetach > 0,
  ).length;
}

/** Sorted by size, largest first: a plan shows only the first rows. */
export function largestStoresFirst(stores: readonly VectorStoreRecord[]): VectorStoreRecord[] {
  return stores.toSorted((a, b) => b.usageBytes - a.usageBytes || (a.id < b.id ? -1 : 1));
}

/** Sorted by size, largest first; files of unknown size come last. */
export function largestFilesFirst<T extends { readonly id: string }>(
  rows: readonly T[],
  files: ReadonlyMap<string, FileSnapshot>,
): T[] {
  const sizeOf = ({ id }: T): number => files.get(id)?.bytes ?? -1;
  return rows.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (a.id < b.id ? -1 : 1));
}

function sumOf<T>(rows: readonly T[], bytesOf: (row: T) => number | null | undefined): number {
  return rows.reduce((sum, row) => sum + (bytesOf(row) ?? 0), 0);
}
