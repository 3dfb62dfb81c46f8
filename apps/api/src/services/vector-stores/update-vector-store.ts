import type { UpdateVectorStoreBody, VectorStoreDetail } from '@espejo/contracts';
import { vectorStoreReadOnly } from '@espejo/core';
import { changeExpiry } from '../expiry/change-expiry.ts';
import { readExpiryEdit } from '../expiry/read-policy.ts';
import { checkStoreName } from '../guardrails/check-limits.ts';
import { findVectorStore, getVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** Edits a primary store. A mirror is refused with `vector_store_read_only`; the repository and a trigger refuse it again. */
export async function updateVectorStore(
  deps: VectorStoreDeps,
  input: { tenantId: string; id: string; actor: string; edit: UpdateVectorStoreBody },
): Promise<VectorStoreDetail> {
  const { tenantId, id, actor, edit } = input;
  await assertEditable(deps, tenantId, id);
  const { expiryPolicy: _, expiresAfter: __, ...fields } = edit;
  const policy = readExpiryEdit(edit);
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const store = await findVectorStore({ db: { read: tx } }, tenantId, id);
    if (policy !== undefined) await changeExpiry(tx, { store, policy, nowMs, actor });
    if (Object.keys(fields).length === 0) return;
    if (fields.name !== undefined) await checkStoreName(tx, { tenantId, name: fields.name, storeId: id });
    await tx.vectorStores.edit(tenantId, id, fields, nowMs);
    await tx.audit.append({
      tenantId,
      atMs: nowMs,
      actor,
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
