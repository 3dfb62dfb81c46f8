import type { CreateVectorStoreBody, VectorStoreDetail } from '@espejo/contracts';
import { vectorStoreId } from '@espejo/core';
import type { RandomHex } from '../../ports.ts';
import { changeExpiry } from '../expiry/change-expiry.ts';
import { readExpiryEdit } from '../expiry/read-policy.ts';
import { findVectorStore, getVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** Creates a primary store: empty, ours, editable. */
export async function createVectorStore(
  deps: VectorStoreDeps & { readonly randomHex: RandomHex },
  input: { tenantId: string; actor: string; fields: CreateVectorStoreBody },
): Promise<VectorStoreDetail> {
  const { tenantId, actor } = input;
  const { expiryPolicy: _, expiresAfter: __, ...fields } = input.fields;
  const policy = readExpiryEdit(input.fields) ?? null;
  const nowMs = deps.clock.nowMs();
  const createdAtS = Math.floor(nowMs / 1000);
  const id = vectorStoreId(createdAtS, deps.randomHex);
  await deps.db.transaction(async (tx) => {
    await tx.vectorStores.insertPrimary({ tenantId, id, name: fields.name ?? null, createdAtS, nowMs });
    await tx.vectorStores.edit(tenantId, id, fields, nowMs);
    await tx.audit.append({
      tenantId,
      atMs: nowMs,
      actor,
      action: 'vector_store.created',
      subject: id,
      outcome: 'done',
      detail: null,
    });
    if (policy === null) return;
    const store = await findVectorStore({ db: { read: tx } }, tenantId, id);
    await changeExpiry(tx, { store, policy, nowMs, actor });
  });
  return getVectorStore(deps, { tenantId, id });
}
