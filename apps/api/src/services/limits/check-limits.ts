import { AppError, fits, type Limit } from '@espejo/core';
import type { Repositories, VectorStoreRecord } from '@espejo/db';
import { readGuardrails } from './guardrail-settings.ts';
import { limitMet } from './limit-errors.ts';
import { type LimitsInForce, readLimits } from './read-limits.ts';

/**
 * The last committed state before any work, and a transaction's own inside it: so that concurrent requests cannot
 * exceed a limit.
 */
type LimitReader = Pick<Repositories, 'settings' | 'plans' | 'primaryFiles' | 'primaryAttachments' | 'primaryStores'>;

/** The most bytes a file may have; the total of all files is counted as bytes arrive. */
export interface FileAllowance {
  readonly maxBytes: number;
  /** The error for content that turns out longer than that. */
  tooLong(): AppError;
}

/**
 * Whether a file of this type and size is allowed. A size that is not known yet is 0: then there must be room for one
 * byte.
 */
export async function checkNewFile(
  read: LimitReader,
  input: {
    readonly tenantId: string;
    readonly mimeType: string | null;
    readonly sizeBytes: number;
    /** Bytes that are arriving and not recorded yet. */
    readonly underWayBytes: number;
    readonly nowMs: number;
  },
): Promise<FileAllowance> {
  const { tenantId, mimeType, sizeBytes, underWayBytes, nowMs } = input;
  const inForce = await readLimits(read, tenantId);
  const { fileBytesMax, totalBytesMax } = inForce.limits;
  checkType(inForce, mimeType);
  const fileMax = fileBytesMax.max ?? Number.MAX_SAFE_INTEGER;
  if (sizeBytes > fileMax) throw fileTooLarge(fileBytesMax, sizeBytes);
  // The full size is unknown: reading ends at the limit.
  const ofFile = { maxBytes: fileMax, tooLong: () => fileTooLarge(fileBytesMax, fileMax + 1) };
  if (totalBytesMax.max === null) return ofFile;
  const presentBytes = underWayBytes + (await read.primaryFiles.sumBytes(tenantId, Math.floor(nowMs / 1000)));
  if (totalBytesMax.max - presentBytes < Math.max(sizeBytes, 1)) throw tooManyBytes(totalBytesMax, presentBytes);
  return ofFile;
}

/** Adds something inside a transaction. When the limit is exceeded it throws, and nothing is added. */
export async function addBytes(
  tx: LimitReader,
  { tenantId, nowMs }: { readonly tenantId: string; readonly nowMs: number },
  add: () => Promise<void>,
): Promise<void> {
  const { totalBytesMax } = (await readLimits(tx, tenantId)).limits;
  if (totalBytesMax.max === null) return add();
  const nowS = Math.floor(nowMs / 1000);
  const beforeBytes = await tx.primaryFiles.sumBytes(tenantId, nowS);
  await add();
  const afterBytes = await tx.primaryFiles.sumBytes(tenantId, nowS);
  // Adding 0, because the space was reserved before, never exceeds a limit.
  if (afterBytes > beforeBytes && afterBytes > totalBytesMax.max) throw tooManyBytes(totalBytesMax, beforeBytes);
}

function checkType({ mimeTypes }: LimitsInForce, mimeType: string | null): void {
  for (const { allowed, setBy } of mimeTypes) {
    if (isAllowedType(mimeType, allowed)) continue;
    const where = setBy === 'plan' ? 'by your plan' : 'here';
    throw new AppError(
      'file_type_refused',
      `Files of type '${mimeType ?? 'unknown'}' are not allowed ${where}. Allowed are: ${allowed.join(', ')}.`,
      { details: { mimeType, allowed } },
    );
  }
}

function fileTooLarge(limit: Limit, present: number): AppError {
  return limitMet('fileBytesMax', limit, { present, what: `Bytes of a file: at most ${limit.max}.` });
}

/** The error for bytes beyond the total, where `present` counts those in progress too. */
export function tooManyBytes(limit: Limit, present: number): AppError {
  const what = `Bytes of all files together: at most ${limit.max}; there are ${present}, those arriving now included.`;
  return limitMet('totalBytesMax', limit, { present, what });
}

/** Whether one more store of this name may be created. */
export async function checkNewStore(
  read: LimitReader,
  input: { tenantId: string; name: string | null },
): Promise<void> {
  const { tenantId, name } = input;
  const { storesMax } = (await readLimits(read, tenantId)).limits;
  if (storesMax.max !== null) {
    const present = await read.primaryStores.count(tenantId);
    const what = `Stores: at most ${storesMax.max}; there are ${present}, those in the trash included.`;
    if (!fits(storesMax.max, present, 1)) throw limitMet('storesMax', storesMax, { present, what });
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
  const other = await read.primaryStores.findByName(tenantId, name, storeId ?? '');
  if (other === undefined) return;
  throw new AppError('duplicate_name', `There is a vector store named '${name}' already: '${other}'.`, {
    details: { name, vectorStoreId: other },
  });
}

/** Whether this many more files may be attached to a store. */
export async function checkStoreFiles(read: LimitReader, store: VectorStoreRecord, addedCount: number): Promise<void> {
  const { filesPerStoreMax } = (await readLimits(read, store.tenantId)).limits;
  const present = store.fileCounts.total;
  // Attaching a file again adds nothing, also when the store is over the limit.
  if (addedCount === 0 || fits(filesPerStoreMax.max, present, addedCount)) return;
  const what = `Files of a store: at most ${filesPerStoreMax.max}; '${store.id}' has ${present}, and ${addedCount} would be added.`;
  throw limitMet('filesPerStoreMax', filesPerStoreMax, { present, what });
}

/** Whether a store may have one more file of this name. */
export async function checkFilename(
  read: LimitReader,
  input: { tenantId: string; storeId: string; fileId: string; filename: string },
): Promise<void> {
  const { tenantId, storeId, fileId, filename } = input;
  const { duplicateFilenames } = await readGuardrails(read, tenantId);
  if (duplicateFilenames === 'allow') return;
  const other = await read.primaryAttachments.findByFilename(tenantId, storeId, filename, fileId);
  if (other === undefined) return;
  throw new AppError(
    'duplicate_name',
    `Vector store '${storeId}' holds a file named '${filename}' already: '${other}'.`,
    {
      details: { name: filename, fileId: other },
    },
  );
}

/** Whether a type matches one of the patterns, ignoring its parameters. */
function isAllowedType(mimeType: string | null, patterns: readonly string[]): boolean {
  const type = (mimeType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const family = `${type.split('/', 1)[0]}/*`;
  return patterns.includes(type) || patterns.includes(family);
}
