import type { CreateVectorStoreBody, VectorStoreDetail } from '@espejo/contracts';
import { vectorStoreId } from '@espejo/core';
import type { RandomHex } from '../../ports.ts';
import { getVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** Creates a primary store: empty, ours, editable. */
export async function createVectorStore(
  deps: VectorStoreDeps & { readonly randomHex: RandomHex },
  input: { tenantId: string } & CreateVectorStoreBody,
): Promise<VectorStoreDetail> {
  const { tenantId, ...fields } = input;
  const nowMs = deps.clock.nowMs();
  const createdAtS = Math.floor(nowMs / 1000);
  const id = vectorStoreId(createdAtS, deps.randomHex);
  await deps.db.transaction(async (tx) => {
    await tx.vectorStores.insertPrimary({ tenantId, id, name: fields.name ?? null, createdAtS, nowMs });
    await tx.vectorStores.edit(tenantId, id, fields, nowMs);
  });
  return getVectorStore(deps, { tenantId, id });
}
