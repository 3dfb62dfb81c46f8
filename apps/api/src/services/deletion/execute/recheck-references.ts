import type { ConnectionRow, DeletionStepRecord } from '@espejo/db';
import {
  type FileReferences,
  findReferences,
  type ReferenceQuery,
  readOutsideStores,
} from '../plan/find-references.ts';
import { nameToolUse } from '../plan/present-tool-uses.ts';
import { listLiveStores, type ReadDeps } from '../plan/read-live-attachments.ts';

/**
 * Reads again which stores and tools use the files that a deletion is still to delete, as upstream may change while a
 * long deletion runs, waits or is parked. A file that another store or tool has started to use stays (rule 10).
 */
export async function recheckReferences(
  deps: ReadDeps,
  connection: ConnectionRow,
  steps: readonly DeletionStepRecord[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileReferences>> {
  const fileIds = steps.filter((step) => step.kind === 'delete_file' && step.state === 'pending').map(fileOf);
  if (fileIds.length === 0) return new Map();
  const planStoreIds = new Set(steps.filter((step) => step.kind === 'delete_store').map(storeOf));
  const endedKeys = new Set(
    steps
      .filter((step) => step.kind === 'detach' && !planStoreIds.has(storeOf(step)))
      .map((step) => `${storeOf(step)}/${fileOf(step)}`),
  );
  const live = await listLiveStores(deps.upstreamFor(connection), connection, signal);
  const query: ReferenceQuery = { connection, live, planStoreIds, endedKeys, mayDeleteFiles: true, signal };
  const holders = await findReferences(deps, query, await readOutsideStores(deps, query), fileIds);
  const free = steps.filter(
    (step) => fileIds.includes(fileOf(step)) && step.kind === 'delete_file' && !holders.has(fileOf(step)),
  );
  if (free.length === 0) return holders;
  const asked = free.map((step) => ({ id: fileOf(step), filename: step.name ?? '', bytes: null }));
  const { usesOf } = await deps.upstreamFor(connection).readToolUses(asked, { signal });
  const tools = [...usesOf].map(
    ([id, [use]]) =>
      [id, { storeIds: [], isOtherTenant: false, tool: use === undefined ? undefined : nameToolUse(use) }] as const,
  );
  return new Map<string, FileReferences>([...holders, ...tools]);
}

const fileOf = (step: DeletionStepRecord): string => step.fileId ?? '';
const storeOf = (step: DeletionStepRecord): string => step.storeId ?? '';
