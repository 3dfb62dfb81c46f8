import { AppError, expiryState, instantWords } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';

/**
 * Throws unless the content of a store may be served at this instant (rule 14): the question every verb asks that
 * searches a store or hands out what is in it. Ours ends by the clock, to the second, whether the job has been by or
 * not; a mirror ends when upstream says so.
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

/** The same as an answer: neither in the trash nor expired. */
export function isServable({ status, expiresAt, source }: VectorStoreRecord, nowMs: number): boolean {
  const standing = { status, expiresAtS: expiresAt, isPrimary: source === 'primary' };
  return status !== 'trashed' && expiryState(standing, Math.floor(nowMs / 1000), 0) !== 'expired';
}
