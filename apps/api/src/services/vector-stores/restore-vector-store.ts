import { AppError, type Authorized } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';
import type { PrimaryContext, VectorStoreContext } from '../context/app-context.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';

/** Restores a primary store from the trash, as it was. Throws `vector_store_not_in_trash`. */
export async function restoreVectorStore(
  deps: VectorStoreContext & Pick<PrimaryContext, 'ingestion'>,
  input: { readonly by: Authorized<'write'>; readonly id: string },
): Promise<VectorStoreRecord> {
  const { by, id } = input;
  const { tenantId } = by;
  await findVectorStore(deps, tenantId, id);
  const nowMs = deps.clock.nowMs();
  const restored = await deps.db.transaction(async (tx) => {
    if (!(await tx.trash.restore(tenantId, id, nowMs))) {
      throw new AppError(
        'vector_store_not_in_trash',
        `Vector store '${id}' is not in the trash, so there is nothing to restore.`,
      );
    }
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'vector_store.restored',
      subject: id,
      outcome: 'done',
      detail: null,
    });
    return findVectorStore({ db: { read: tx } }, tenantId, id);
  });
  // Files in progress when it was deleted are ingested now.
  deps.ingestion.wake();
  return restored;
}
