import { toSeconds } from '@espejo/core';
import type { SyncChangeRecord } from '@espejo/db';
import type { StoreHistoryEntry } from '../run/views.ts';

/** The changes of a sync run in one store, in the API's form. */
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
