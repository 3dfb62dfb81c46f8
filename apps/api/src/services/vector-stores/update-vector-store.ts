import type { UpdateVectorStoreBody, VectorStoreDetail } from '@espejo/contracts';
import { vectorStoreReadOnly } from '@espejo/core';
import { findVectorStore, getVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** Edits a primary store. A mirror is refused with `vector_store_read_only`; the repository and a trigger refuse it again. */
export async function updateVectorStore(
  deps: VectorStoreDeps,
  input: { tenantId: string; id: string; edit: UpdateVectorStoreBody },
): Promise<VectorStoreDetail> {
  const { tenantId, id, edit } = input;
  await assertEditable(deps, tenantId, id);
  await deps.db.transaction((tx) => tx.vectorStores.edit(tenantId, id, edit, deps.clock.nowMs()));
  return getVectorStore(deps, { tenantId, id });
}

/** Throws `vector_store_not_found`, or `vector_store_read_only` for a mirror: the question every door asks before an edit. */
export async function assertEditable(deps: VectorStoreDeps, tenantId: string, id: string): Promise<void> {
  const store = await findVectorStore(deps, tenantId, id);
  if (store.source === 'cache') throw vectorStoreReadOnly(id);
}
