import { toSeconds } from '@espejo/core';
import type { VectorStoreContext } from '../context/app-context.ts';
import { decodeCursor, encodeCursor, NUMBER_KEY } from '../cursor.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { isFileListingComplete } from './get-vector-store.ts';
import type { ListStoreFilesQuery } from './inputs.ts';
import type { StoreFilePage } from './views.ts';

/** One page of the attachments of a store, newest first. */
export async function listStoreFiles(
  deps: VectorStoreContext,
  input: { tenantId: string; id: string; query: ListStoreFilesQuery },
): Promise<StoreFilePage> {
  const { tenantId, id, query } = input;
  const store = await findVectorStore(deps, tenantId, id);
  const connection =
    store.connectionId === null ? undefined : await deps.db.read.connections.find(tenantId, store.connectionId);
  const list = `store-files:${id}`;
  const key = decodeCursor(query.cursor, list, NUMBER_KEY);
  const { rows, total } = await deps.db.read.attachments.listOfStore({
    tenantId,
    storeId: id,
    status: query.status || undefined,
    text: query.q?.trim(),
    after: key === undefined ? undefined : { createdAtS: key[0], fileId: key[1] },
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: page.map(({ fileId, storeId, isFileKnown, missingSinceMs, createdAt, ...row }) => ({
      ...row,
      id: fileId,
      vectorStoreId: storeId,
      createdAt,
      isGhost: !isFileKnown && connection?.filesListedAtMs != null,
      missingSince: missingSinceMs === null ? null : toSeconds(missingSinceMs),
      lastError: copy(row.lastError),
      gaps: row.gaps === null ? null : [...row.gaps],
      chunkingStrategy: copy(row.chunkingStrategy),
      attributes: copy(row.attributes),
      extra: copy(row.extra),
    })),
    nextCursor:
      rows.length > query.limit && last !== undefined ? encodeCursor(list, [last.createdAt, last.fileId]) : null,
    total,
    asOf: store.filesListedAtMs === null ? null : toSeconds(store.filesListedAtMs),
    isComplete: isFileListingComplete(store, total),
  };
}

function copy(value: { readonly [key: string]: unknown } | null): Record<string, unknown> | null {
  return value === null ? null : { ...value };
}
