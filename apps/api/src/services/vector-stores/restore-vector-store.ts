import type { VectorStoreDetail } from '@espejo/contracts';
import { AppError, type Authorized } from '@espejo/core';
import type { PrimaryDeps } from '../ingestion/content-deps.ts';
import { findVectorStore, getVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** Takes a primary store out of the trash, as it was. Throws `vector_store_not_in_trash`. */
export async function restoreVectorStore(
  deps: VectorStoreDeps & Pick<PrimaryDeps, 'ingestion'>,
  input: { readonly by: Authorized<'write'>; readonly id: string },
): Promise<VectorStoreDetail> {
  const { by, id } = input;
  const { tenantId } = by;
  await findVectorStore(deps, tenantId, id);
  const nowMs = deps.clock.nowMs();
  await deps.db.transaction(async (tx) => {
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
  });
  // Files that were on their way when it was thrown away go on.
  deps.ingestion.kick();
  return getVectorStore(deps, { tenantId, id });
}
