import { type Attributes, asSystem } from '@espejo/core';
import type { AttachmentRecord, FileRecord } from '@espejo/db';
import type { ChunkingStrategy } from '@espejo/retrieval';
import { attachFile } from '../services/attachments/attach-file.ts';
import { createFile } from '../services/files/create-file.ts';
import { createVectorStore } from '../services/vector-stores/create-vector-store.ts';
import { ACTOR, type PrimaryHarness, TENANT } from './primary-harness.ts';

/** The actor of the tests. */
const by = asSystem(TENANT, ACTOR);

/** Bytes of a text, in chunks, as from a request. */
export async function* byteChunks(text: string, chunkBytes = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** A primary file with this text. */
export function addFile(
  { deps }: PrimaryHarness,
  text: string,
  fields: { filename?: string; purpose?: string; mimeType?: string | null; expiresAfterS?: number } = {},
): Promise<FileRecord> {
  const { filename = 'a.txt', purpose = 'assistants', mimeType = null, expiresAfterS = null } = fields;
  return createFile(deps, { by, filename, purpose, mimeType, expiresAfterS, source: byteChunks(text) });
}

/** An empty primary store; returns its id. */
export async function addStore({ deps }: PrimaryHarness, name = 'store'): Promise<string> {
  return (await createVectorStore(deps, { by, fields: { name } })).id;
}

export function attach(
  { deps }: PrimaryHarness,
  storeId: string,
  fileId: string,
  fields: { attributes?: Attributes; chunking?: ChunkingStrategy } = {},
): Promise<AttachmentRecord> {
  const { attributes = null, chunking = null } = fields;
  return attachFile(deps, { by, storeId, fileId, attributes, chunking });
}

/** The stored counters, usage and status of a store. */
export async function countsOf({ db }: PrimaryHarness, storeId: string) {
  const store = await db.read.vectorStores.find(TENANT, storeId);
  return { ...store?.fileCounts, usageBytes: store?.usageBytes, status: store?.status };
}

/** A mirrored file and a mirrored store, as a sync leaves them. */
export async function addMirror({ db }: PrimaryHarness): Promise<{ storeId: string; fileId: string }> {
  const [storeId, fileId] = ['vs_mirror', 'file-Mirror'];
  await db.transaction(async (tx) => {
    await tx.mirrorPermits.grant(TENANT, 'conn');
    const file = { id: fileId, filename: 'm.txt', bytes: 3, purpose: 'assistants', status: 'processed', createdAt: 1 };
    await tx.files.upsert(TENANT, 'conn', [{ snapshot: { ...file, expiresAt: null, extra: null }, hash: '' }], 1);
    const store = { id: storeId, name: 'mirror', description: null, status: 'completed', usageBytes: 3, metadata: {} };
    const fileCounts = { in_progress: 0, completed: 1, failed: 0, cancelled: 0, total: 1 };
    const times = { expiresAfter: null, expiresAt: null, lastActiveAt: 1, createdAt: 1, extra: null };
    const snapshot = { ...store, ...times, fileCounts };
    await tx.mirrorStores.upsert(TENANT, 'conn', [{ snapshot, fingerprint: '' }], 1);
    const rest = { usageBytes: 3, createdAt: 1, lastError: null, chunkingStrategy: null, attributes: {}, extra: null };
    const attachment = { fileId, status: 'completed', ...rest };
    await tx.attachments.upsert(TENANT, 'conn', storeId, [{ snapshot: attachment, hash: '' }]);
    await tx.attachments.recount(TENANT, [fileId]);
  });
  return { storeId, fileId };
}
