import { AppError, expiryState, instantWords } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';

/**
 * Throws unless the content of a store may be served now (rule 14). Every service that searches a store or returns its
 * content calls this. A primary store expires by the clock, to the second, whether the job has run or not; a mirror
 * expires when upstream says so.
 */
export function assertServable(store: VectorStoreRecord, nowMs: number): void {
  const { id, status, expiresAt: expiresAtS, source } = store;
  if (status === 'trashed') {
    throw new AppError('vector_store_trashed', `Vector store '${id}' is in the trash. Restore it to use it again.`);
  }
  if (isServable(store, nowMs)) return;
  const when = expiresAtS === null ? '' : ` It ended on ${instantWords(expiresAtS)}.`;
  throw new AppError(
    'vector_store_expired',
    source === 'primary'
      ? `Vector store '${id}' has expired.${when} Extend it to use it again, before it is purged.`
      : `Vector store '${id}' has expired.${when} OpenAI does not bring expired stores back.`,
    { details: { expiresAt: expiresAtS } },
  );
}

/** The same as a boolean: neither in the trash nor expired. */
export function isServable({ status, expiresAt, source }: VectorStoreRecord, nowMs: number): boolean {
  const standing = { status, expiresAtS: expiresAt, isPrimary: source === 'primary' };
  return status !== 'trashed' && expiryState(standing, Math.floor(nowMs / 1000), 0) !== 'expired';
}
