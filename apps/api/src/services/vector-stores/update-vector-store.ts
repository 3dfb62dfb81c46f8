import type { UpdateVectorStoreBody, VectorStoreDetail } from '@espejo/contracts';
import { type Authorized, vectorStoreReadOnly } from '@espejo/core';
import { changeExpiry } from '../expiry/change-expiry.ts';
import { readExpiryEdit } from '../expiry/read-policy.ts';
import { checkStoreName } from '../guardrails/check-limits.ts';
import { findVectorStore, getVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** Edits a primary store. A mirror is refused with `vector_store_read_only`; the repository and a trigger refuse it again. */
export async function updateVectorStore(
  deps: VectorStoreDeps,
  input: { readonly by: Authorized<'write'>; readonly id: string; edit: UpdateVectorStoreBody },
): Promise<VectorStoreDetail> {
  const { by, id, edit } = input;
  const { tenantId } = by;
  await assertEditable(deps, tenantId, id);
  const { expiryPolicy: _, expiresAfter: __, ...fields } = edit;
  const policy = readExpiryEdit(edit);
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const store = await findVectorStore({ db: { read: tx } }, tenantId, id);
    if (policy !== undefined) await changeExpiry(tx, { store, policy, nowMs, by });
    if (Object.keys(fields).length === 0) return;
    if (fields.name !== undefined) await checkStoreName(tx, { tenantId, name: fields.name, storeId: id });
    await tx.vectorStores.edit(tenantId, id, fields, nowMs);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'vector_store.updated',
      subject: id,
      outcome: 'done',
      detail: { fields: Object.keys(fields) },
    });
  });
  return getVectorStore(deps, { tenantId, id });
}

/** Throws `vector_store_not_found`, or `vector_store_read_only` for a mirror: the question every door asks before an edit. */
export async function assertEditable(deps: Pick<VectorStoreDeps, 'db'>, tenantId: string, id: string): Promise<void> {
  const store = await findVectorStore(deps, tenantId, id);
  if (store.source === 'cache') throw vectorStoreReadOnly(id);
}
