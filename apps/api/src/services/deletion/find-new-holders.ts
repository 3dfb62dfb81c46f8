import type { ConnectionRow, DeletionStepRecord } from '@espejo/db';
import { findHolders, type HolderQuery, type Holders, readOutsideStores } from './find-holders.ts';
import { listLiveStores, type ReadDeps } from './read-membership.ts';

/**
 * Who holds, by now, the files that a deletion is still to delete: upstream's users go on working while a long deletion
 * runs, waits or stands parked. A file that another store has taken up since stays (rule 10).
 */
export async function findNewHolders(
  deps: ReadDeps,
  connection: ConnectionRow,
  steps: readonly DeletionStepRecord[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Holders>> {
  const fileIds = steps.filter((step) => step.kind === 'delete_file' && step.state === 'pending').map(fileOf);
  if (fileIds.length === 0) return new Map();
  const planStoreIds = new Set(steps.filter((step) => step.kind === 'delete_store').map(storeOf));
  const endedKeys = new Set(
    steps
      .filter((step) => step.kind === 'detach' && !planStoreIds.has(storeOf(step)))
      .map((step) => `${storeOf(step)}/${fileOf(step)}`),
  );
  const live = await listLiveStores(deps.upstreamFor(connection), connection, signal);
  const query: HolderQuery = { connection, live, planStoreIds, endedKeys, mayDeleteFiles: true, signal };
  return findHolders(deps, query, await readOutsideStores(deps, query), fileIds);
}

const fileOf = (step: DeletionStepRecord): string => step.fileId ?? '';
const storeOf = (step: DeletionStepRecord): string => step.storeId ?? '';
