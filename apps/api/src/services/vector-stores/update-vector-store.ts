import type { Authorized } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';
import type { VectorStoreContext } from '../context/app-context.ts';
import { changeExpiry } from '../expiry/change-expiry.ts';
import { readExpiryEdit } from '../expiry/read-policy.ts';
import { checkStoreName } from '../limits/check-limits.ts';
import { assertEditable } from '../lookup/assert-editable.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import type { UpdateVectorStoreInput } from './inputs.ts';

/**
 * Edits a primary store. A mirror is rejected with `vector_store_read_only`; the repository and a trigger reject it
 * again.
 */
export async function updateVectorStore(
  deps: VectorStoreContext,
  input: { readonly by: Authorized<'write'>; readonly id: string; edit: UpdateVectorStoreInput },
): Promise<VectorStoreRecord> {
  const { by, id, edit } = input;
  const { tenantId } = by;
  const { expiryPolicy: _, expiresAfter: __, ...fields } = edit;
  return deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const before = await findVectorStore({ db: { read: tx } }, tenantId, id);
    assertEditable(before);
    const policy = readExpiryEdit(edit);
    const store = policy === undefined ? before : (await changeExpiry(tx, { store: before, policy, nowMs, by })).store;
    if (Object.keys(fields).length === 0) return store;
    if (fields.name !== undefined) await checkStoreName(tx, { tenantId, name: fields.name, storeId: id });
    const after = await tx.vectorStores.editRecord(store, fields, nowMs);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'vector_store.updated',
      subject: id,
      outcome: 'done',
      detail: { fields: Object.keys(fields) },
    });
    return after;
  });
}
