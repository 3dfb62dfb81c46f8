import type { VectorStoreContext } from '../context/app-context.ts';
import { decodeCursor, encodeCursor, NUMBER_KEY } from '../cursor.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { presentChange } from '../sync/apply/present-change.ts';
import type { StoreHistoryPage } from './views.ts';

/** The differences each sync run found in a store, newest first. */
export async function listStoreHistory(
  deps: VectorStoreContext,
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
