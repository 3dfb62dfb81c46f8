import { AppError, type Authorized, openAiId } from '@espejo/core';
import type { FileBatchRecord } from '@espejo/db';
import { checkFiles, type FileToAttach, upsertAttachments } from '../attachments/upsert-attachments.ts';
import type { PrimaryContext } from '../context/app-context.ts';
import { getWritableStore } from '../lookup/find-attachment.ts';

import { findFileBatch } from './find-file-batch.ts';

const FILES_MAX = 2_000;

/** Attaches many files to a primary store at once: all of them, or none when one cannot be attached. */
export async function createFileBatch(
  deps: PrimaryContext,
  input: {
    readonly by: Authorized<'write'>;
    readonly storeId: string;
    readonly files: readonly FileToAttach[];
  },
): Promise<FileBatchRecord> {
  const { by, storeId } = input;
  const { tenantId } = by;
  // A file named twice counts once, with the last values.
  const files = [...new Map(input.files.map((put) => [put.fileId, put])).values()];
  if (input.files.length < 1 || input.files.length > FILES_MAX) {
    throw new AppError('invalid_request', `A batch has 1 to ${FILES_MAX} files; this one has ${input.files.length}.`, {
      details: { param: 'file_ids', limit: 'batchFilesMax', max: FILES_MAX, present: input.files.length },
    });
  }
  const { read } = deps.db;
  const seen = await getWritableStore(read, { tenantId, storeId, nowMs: deps.clock.nowMs() });
  await checkFiles({ read, clock: deps.clock }, by, seen, files);
  const nowMs = deps.clock.nowMs();
  const createdAtS = Math.floor(nowMs / 1000);
  const id = openAiId('vsfb', createdAtS, deps.randomHex);
  await deps.db.transaction(async (tx) => {
    const store = await getWritableStore(tx, { tenantId, storeId, nowMs });
    await tx.fileBatches.insert({ tenantId, id, storeId, createdAtS, fileIds: files.map((put) => put.fileId) });
    await upsertAttachments(tx, deps.clock, { by, store, files, batchId: id, nowMs });
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'file_batch.created',
      subject: id,
      outcome: 'done',
      detail: { vectorStoreId: storeId, files: files.length },
    });
  });
  // Files that were already attached get their new attributes in the index before the next search.
  await deps.localWork.perform(tenantId);
  deps.ingestion.wake();
  return findFileBatch(read, { tenantId, storeId, id });
}
