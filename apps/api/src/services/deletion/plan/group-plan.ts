import type { FileSnapshot, PlannedStep } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';
import type { DeletionPlan } from '../views.ts';
import type { Decided } from './compute-plan.ts';

export type PlannedConnection = DeletionPlan['connections'][number];

/** What a plan does through each connection, upstream projects first; Espejo's own stores and files come last, under null. */
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

/** How many upstream projects a plan deletes from or detaches in: what stands in two is easily mistaken for one. */
export function countProjects(groups: readonly PlannedConnection[]): number {
  return groups.filter(
    ({ connectionId, counts }) =>
      connectionId !== null && counts.stores + counts.filesToDelete + counts.attachmentsToDetach > 0,
  ).length;
}

/** The largest first: of a long list only the beginning is shown. */
export function largestStoresFirst(stores: readonly VectorStoreRecord[]): VectorStoreRecord[] {
  return stores.toSorted((a, b) => b.usageBytes - a.usageBytes || (a.id < b.id ? -1 : 1));
}

/** The same of files; those of which no size is known come last. */
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
