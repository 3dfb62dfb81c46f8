import { type Authorized, vectorStoreId } from '@espejo/core';
import type { Repositories, VectorStoreRecord } from '@espejo/db';
import type { ChunkingStrategy } from '@espejo/retrieval';
import { readChunking } from '../attachments/attachment-fields.ts';
import { upsertAttachments } from '../attachments/upsert-attachments.ts';
import type { PrimaryContext, VectorStoreContext } from '../context/app-context.ts';
import { changeExpiry } from '../expiry/change-expiry.ts';
import { readExpiryEdit } from '../expiry/read-policy.ts';
import { checkNewStore } from '../limits/check-limits.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { adoptCurrentModel } from '../store-index/embedders.ts';
import type { CreateVectorStoreInput } from './inputs.ts';

/** Creates a primary store, with these files or none. Everything is checked before the row is written. */
export async function createVectorStore(
  deps: VectorStoreContext & PrimaryContext,
  input: {
    readonly by: Authorized<'write'>;
    fields: CreateVectorStoreInput;
    fileIds?: readonly string[];
    /** The strategy of those files; without files, of those attached later without their own. Null: auto. */
    chunking?: ChunkingStrategy | null;
    /** Runs in the same transaction. */
    also?: (tx: Repositories, storeId: string) => Promise<void>;
  },
): Promise<VectorStoreRecord> {
  const { by } = input;
  const { tenantId } = by;
  const { expiryPolicy: _, expiresAfter: __, ...fields } = input.fields;
  const policy = readExpiryEdit(input.fields) ?? null;
  const name = fields.name ?? null;
  const files = [...new Set(input.fileIds)].map((fileId) => ({
    fileId,
    attributes: null,
    chunking: input.chunking ?? null,
  }));
  await checkNewStore(deps.db.read, { tenantId, name });
  const nowMs = deps.clock.nowMs();
  const createdAtS = Math.floor(nowMs / 1000);
  const id = vectorStoreId(createdAtS, deps.randomHex);
  const store = await deps.db.transaction(async (tx) => {
    await checkNewStore(tx, { tenantId, name });
    const defaultChunking = files.length === 0 && input.chunking != null ? readChunking(input.chunking) : null;
    await tx.vectorStores.insertPrimary({ tenantId, id, name, createdAtS, defaultChunking, nowMs });
    await adoptCurrentModel(tx, deps.embedders, tenantId, id);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'vector_store.created',
      subject: id,
      outcome: 'done',
      detail: null,
    });
    const find = () => findVectorStore({ db: { read: tx } }, tenantId, id);
    const made = await tx.vectorStores.editRecord(await find(), fields, nowMs);
    if (policy !== null) await changeExpiry(tx, { store: made, policy, nowMs, by });
    await input.also?.(tx, id);
    if (files.length > 0) await upsertAttachments(tx, deps.clock, { by, store: made, files, batchId: null, nowMs });
    return find();
  });
  deps.ingestion.wake();
  return store;
}
