import type { CreateVectorStoreBody, VectorStoreDetail } from '@espejo/contracts';
import { type Authorized, vectorStoreId } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import type { ChunkingStrategy } from '@espejo/retrieval';
import { putFiles } from '../attachments/put-files.ts';
import { changeExpiry } from '../expiry/change-expiry.ts';
import { readExpiryEdit } from '../expiry/read-policy.ts';
import { checkNewStore } from '../guardrails/check-limits.ts';
import type { PrimaryDeps } from '../ingestion/content-deps.ts';
import { adoptCurrentModel } from '../ingestion/embedders.ts';
import { findVectorStore, getVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** Creates a primary store: ours, editable, with these files in it or none. Everything is checked before it is there. */
export async function createVectorStore(
  deps: VectorStoreDeps & PrimaryDeps,
  input: {
    readonly by: Authorized<'write'>;
    fields: CreateVectorStoreBody;
    fileIds?: readonly string[];
    /** Of those files; null: auto. */
    chunking?: ChunkingStrategy | null;
    /** More of the same transaction. */
    also?: (tx: Repositories, storeId: string) => Promise<void>;
  },
): Promise<VectorStoreDetail> {
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
  await deps.db.transaction(async (tx) => {
    await checkNewStore(tx, { tenantId, name });
    await tx.vectorStores.insertPrimary({ tenantId, id, name, createdAtS, nowMs });
    await adoptCurrentModel(tx, deps.embedders, tenantId, id);
    await tx.vectorStores.edit(tenantId, id, fields, nowMs);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'vector_store.created',
      subject: id,
      outcome: 'done',
      detail: null,
    });
    const store = await findVectorStore({ db: { read: tx } }, tenantId, id);
    if (policy !== null) await changeExpiry(tx, { store, policy, nowMs, by });
    await input.also?.(tx, id);
    if (files.length > 0) await putFiles(tx, deps.clock, { store, files, batchId: null, nowMs });
  });
  deps.ingestion.kick();
  return getVectorStore(deps, { tenantId, id });
}
