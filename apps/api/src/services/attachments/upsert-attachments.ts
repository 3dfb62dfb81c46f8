import { AppError, type Attributes } from '@espejo/core';
import type { FileRecord, Repositories, VectorStoreRecord } from '@espejo/db';
import type { ChunkingStrategy } from '@espejo/retrieval';
import type { Clock } from '../../ports.ts';
import { checkFilename, checkStoreFiles } from '../limits/check-limits.ts';
import { findReachedFile, type Reach } from '../lookup/find-reached-file.ts';
import { readAttributes, readChunking } from './attachment-fields.ts';

/** A file to attach. */
export interface FileToAttach {
  readonly fileId: string;
  readonly attributes: Attributes | null;
  /** Null: the store's default, or auto. */
  readonly chunking: ChunkingStrategy | null;
  /** Created by this request, so the caller may attach it although it is in no store yet. */
  readonly isMadeHere?: boolean;
}

type Reader = Parameters<typeof checkFilename>[0] & Pick<Repositories, 'fileList' | 'attachmentList'>;

/** What `upsertAttachments` does with each file that may be attached. */
interface CheckedFile {
  readonly file: FileRecord;
  readonly attributes: Attributes;
  readonly chunking: ChunkingStrategy;
  /** It is in the store with this strategy, and ingested or in progress. */
  readonly isCurrent: boolean;
  readonly isNew: boolean;
}

/**
 * Checks that these files may be attached to a store, and that the caller has access to them. Called before any work,
 * and again in the transaction that does it. A mirrored file is rejected, as Espejo does not have its bytes.
 */
export async function checkFiles(
  deps: { readonly read: Reader; readonly clock: Clock },
  by: Reach,
  store: VectorStoreRecord,
  files: readonly FileToAttach[],
): Promise<CheckedFile[]> {
  const { read, clock } = deps;
  const { tenantId, id: storeId } = store;
  const checked: CheckedFile[] = [];
  const names = new Map<string, string>();
  await assertAllThere(deps, by, files);
  for (const put of files) {
    const attributes = readAttributes(put.attributes);
    const chunking = readChunking(put.chunking ?? store.defaultChunking);
    const file = await findReachedFile({ read, clock }, reachOf(put, by), put.fileId);
    if (file.connectionId !== null) {
      throw new AppError(
        'file_mirrored',
        `File '${file.id}' is a mirror of an OpenAI file: its bytes are not here, so it cannot be attached to a primary store. Upload the file to Espejo, and attach that one.`,
      );
    }
    await checkFilename(read, { tenantId, storeId, fileId: file.id, filename: file.filename });
    const present = await read.attachmentList.find(tenantId, storeId, file.id);
    const isCurrent =
      (present?.status === 'completed' || present?.status === 'in_progress') &&
      isSameStrategy(present.chunkingStrategy, chunking);
    checked.push({ file, attributes, chunking, isCurrent, isNew: present === undefined });
    names.set(file.id, file.filename);
  }
  const added = new Set(checked.filter((put) => put.isNew).map((put) => put.file.id));
  await checkStoreFiles(read, store, added.size);
  return checked;
}

/** Names every missing file, not only the first. Throws `file_not_found`. */
async function assertAllThere(
  deps: { readonly read: Reader; readonly clock: Clock },
  by: Reach,
  files: readonly FileToAttach[],
): Promise<void> {
  const missing: string[] = [];
  for (const put of files) {
    try {
      await findReachedFile(deps, reachOf(put, by), put.fileId);
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code !== 'file_not_found') throw cause;
      missing.push(put.fileId);
    }
  }
  if (missing.length === 0) return;
  const named = missing.map((id) => `'${id}'`).join(', ');
  const what = missing.length === 1 ? `There is no file with id ${named}.` : `There are no files with ids ${named}.`;
  throw new AppError('file_not_found', what, { details: { fileIds: missing } });
}

function reachOf({ isMadeHere }: FileToAttach, by: Reach): Reach {
  return isMadeHere === true ? { tenantId: by.tenantId, storeIds: null } : by;
}

/**
 * Attaches files in the caller's transaction: a new one is queued for ingestion, a failed one or one with another
 * strategy is queued again, and one that is already there gets its attributes.
 */
export async function upsertAttachments(
  tx: Repositories,
  clock: Clock,
  input: {
    readonly by: Reach;
    readonly store: VectorStoreRecord;
    readonly files: readonly FileToAttach[];
    readonly batchId: string | null;
    readonly nowMs: number;
  },
): Promise<void> {
  const { store, batchId, nowMs } = input;
  const { tenantId, id: storeId } = store;
  for (const put of await checkFiles({ read: tx, clock }, input.by, store, input.files)) {
    const { attributes, chunking } = put;
    const key = { tenantId, storeId, fileId: put.file.id };
    const row = { ...key, ...chunking, attributes, batchId, nowMs };
    if (put.isNew) await tx.primaryAttachments.insert({ ...row, createdAtS: Math.floor(nowMs / 1000) });
    else if (!put.isCurrent) await tx.primaryAttachments.restart(row);
    else {
      await tx.primaryAttachments.setAttributes(key, attributes);
      await tx.localTasks.add(tenantId, { kind: 'set_attributes', storeId, fileId: put.file.id }, nowMs);
      if (batchId !== null) await tx.primaryAttachments.adopt(key, batchId);
    }
  }
  await tx.storeExpiry.touch(tenantId, storeId, Math.floor(nowMs / 1000));
}

function isSameStrategy(present: Readonly<Record<string, unknown>> | null, wanted: ChunkingStrategy): boolean {
  const given = present === null ? undefined : Reflect.get(present, 'static');
  if (typeof given !== 'object' || given === null) return false;
  return (
    Reflect.get(given, 'max_chunk_size_tokens') === wanted.maxTokens &&
    Reflect.get(given, 'chunk_overlap_tokens') === wanted.overlapTokens
  );
}
