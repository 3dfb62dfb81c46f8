import type { VectorStoreRecord } from '@espejo/db';
import type { SearchContext } from '../context/app-context.ts';
import { assertServable } from '../lookup/assert-servable.ts';
import { connectionOfMirror } from './connection-of-mirror.ts';

/** The parsed text of a file in a mirror, from upstream: the original bytes are not available. */
export async function readMirroredText(
  deps: Pick<SearchContext, 'db' | 'clock' | 'searcherFor'>,
  store: VectorStoreRecord,
  fileId: string,
): Promise<string[]> {
  assertServable(store, deps.clock.nowMs());
  return deps.searcherFor(await connectionOfMirror(deps, store)).readFileText(store.id, fileId);
}
