import { AppError } from '@espejo/core';
import type { Repositories, VectorStoreRecord } from '@espejo/db';
import { type Guardrails, readGuardrails } from './guardrail-settings.ts';

/** The last committed state before any work, and a transaction's own inside it: so that no race gets past a limit. */
type LimitReader = Pick<Repositories, 'settings' | 'ownFiles' | 'ownAttachments' | 'ownStores'>;

/** A limit is met: which one, how much it allows, and how much there would be. */
function limitExceeded(limit: keyof Guardrails, max: number, present: number, what: string): AppError {
  return new AppError('limit_exceeded', `${what} Remove something, or raise the limit '${limit}' in the settings.`, {
    details: { limit, max, present },
  });
}

/** Whether a file of this type and size may come in. A size that is not known yet is 0; then what is left is the limit. */
export async function checkNewFile(
  read: LimitReader,
  input: { readonly tenantId: string; readonly mimeType: string | null; readonly sizeBytes: number },
): Promise<{ readonly maxBytes: number; readonly guardrails: Guardrails }> {
  const { tenantId, mimeType, sizeBytes } = input;
  const guardrails = await readGuardrails(read, tenantId);
  const { allowedMimeTypes, fileBytesMax, totalBytesMax } = guardrails;
  if (allowedMimeTypes !== null && !isAllowedType(mimeType, allowedMimeTypes)) {
    throw new AppError(
      'file_type_refused',
      `Files of type '${mimeType ?? 'unknown'}' are not allowed here. Allowed are: ${allowedMimeTypes.join(', ')}.`,
      { details: { mimeType, allowed: allowedMimeTypes } },
    );
  }
  if (sizeBytes > fileBytesMax) throw fileTooLarge(fileBytesMax, sizeBytes);
  if (totalBytesMax === null) return { maxBytes: fileBytesMax, guardrails };
  const presentBytes = await read.ownFiles.sumBytes(tenantId);
  const leftBytes = totalBytesMax - presentBytes;
  if (leftBytes < Math.max(sizeBytes, 1)) throw tooManyBytes(totalBytesMax, presentBytes);
  return { maxBytes: Math.min(fileBytesMax, leftBytes), guardrails };
}

export function fileTooLarge(max: number, present: number): AppError {
  return limitExceeded('fileBytesMax', max, present, `A file may have ${max} bytes at most.`);
}

export function tooManyBytes(max: number, present: number): AppError {
  return limitExceeded(
    'totalBytesMax',
    max,
    present,
    `All files together may have ${max} bytes; they have ${present}.`,
  );
}

/** Whether one more store of this name may be made. */
export async function checkNewStore(
  read: LimitReader,
  input: { tenantId: string; name: string | null },
): Promise<void> {
  const { tenantId, name } = input;
  const { storesMax } = await readGuardrails(read, tenantId);
  if (storesMax !== null) {
    const present = await read.ownStores.count(tenantId);
    if (present >= storesMax)
      throw limitExceeded('storesMax', storesMax, present, `There may be ${storesMax} stores; there are ${present}.`);
  }
  await checkStoreName(read, { tenantId, name, storeId: null });
}

/** Whether a store may have this name. */
export async function checkStoreName(
  read: LimitReader,
  input: { tenantId: string; name: string | null; storeId: string | null },
): Promise<void> {
  const { tenantId, name, storeId } = input;
  if (name === null || name === '') return;
  const { duplicateStoreNames } = await readGuardrails(read, tenantId);
  if (duplicateStoreNames === 'allow') return;
  const other = await read.ownStores.findByName(tenantId, name, storeId ?? '');
  if (other === undefined) return;
  throw new AppError('duplicate_name', `There is a vector store named '${name}' already: '${other}'.`, {
    details: { name, vectorStoreId: other },
  });
}

/** Whether so many files more may be attached to a store. */
export async function checkStoreFiles(read: LimitReader, store: VectorStoreRecord, addedCount: number): Promise<void> {
  const { filesPerStoreMax } = await readGuardrails(read, store.tenantId);
  const present = store.fileCounts.total;
  if (filesPerStoreMax === null || present + addedCount <= filesPerStoreMax) return;
  const what = `A store may have ${filesPerStoreMax} files; '${store.id}' has ${present}, and ${addedCount} would be added.`;
  throw limitExceeded('filesPerStoreMax', filesPerStoreMax, present, what);
}

/** Whether a store may hold one more file of this name. */
export async function checkFilename(
  read: LimitReader,
  input: { tenantId: string; storeId: string; fileId: string; filename: string },
): Promise<void> {
  const { tenantId, storeId, fileId, filename } = input;
  const { duplicateFilenames } = await readGuardrails(read, tenantId);
  if (duplicateFilenames === 'allow') return;
  const other = await read.ownAttachments.findByFilename(tenantId, storeId, filename, fileId);
  if (other === undefined) return;
  throw new AppError(
    'duplicate_name',
    `Vector store '${storeId}' holds a file named '${filename}' already: '${other}'.`,
    {
      details: { name: filename, fileId: other },
    },
  );
}

/** Whether a type is one of the patterns, its parameters aside. */
function isAllowedType(mimeType: string | null, patterns: readonly string[]): boolean {
  const type = (mimeType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const family = `${type.split('/', 1)[0]}/*`;
  return patterns.includes(type) || patterns.includes(family);
}
