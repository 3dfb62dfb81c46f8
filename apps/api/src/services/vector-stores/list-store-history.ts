import type { StoreHistoryEntry, StoreHistoryPage } from '@espejo/contracts';
import type { SyncChangeRecord } from '@espejo/db';
import { decodeCursor, encodeCursor, NUMBER_KEY } from '../cursor.ts';
import { toSeconds } from '../sync/present-run.ts';
import { findVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** What each sync run found different in a store, newest first. */
export async function listStoreHistory(
  deps: VectorStoreDeps,
  input: { tenantId: string; id: string; limit: number; cursor: string | undefined },
): Promise<StoreHistoryPage> {
  const { tenantId, id, limit } = input;
  await findVectorStore(deps, tenantId, id);
  const list = `history:${id}`;
  const key = decodeCursor(input.cursor, list, NUMBER_KEY);
  const { rows, total } = await deps.db.read.syncChanges.listOfStore({
    tenantId,
    storeId: id,
    after: key === undefined ? undefined : { atMs: key[0], runId: key[1] },
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(presentChange),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(list, [last.atMs, last.runId]) : null,
    total,
    asOf: null,
  };
}

export function presentChange(change: SyncChangeRecord): StoreHistoryEntry {
  const { added, changed, removed, missing } = change.fileIds;
  return {
    id: `${change.runId}:${change.storeId}`,
    runId: change.runId,
    at: toSeconds(change.atMs),
    action: change.action,
    fields: change.fields.map((field) => ({ ...field })),
    filesAdded: change.filesAdded,
    filesChanged: change.filesChanged,
    filesRemoved: change.filesRemoved,
    filesMissing: change.filesMissing,
    fileIds: { added: [...added], changed: [...changed], removed: [...removed], missing: [...missing] },
    message: change.message,
  };
}
