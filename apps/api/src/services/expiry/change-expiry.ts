import {
  AppError,
  type Authorized,
  applyExpiryEdit,
  EXPIRED,
  type ExpiryPolicy,
  expiresAt,
  instantWords,
  NEVER_EXPIRES,
} from '@espejo/core';
import type { Repositories, VectorStoreRecord } from '@espejo/db';

/**
 * Sets another policy on a primary store, in the caller's transaction and with an audit entry. A policy whose end has
 * passed is `expiry_in_past`: to get rid of a store, delete it. A store that had expired is restored.
 */
export async function changeExpiry(
  tx: Repositories,
  input: {
    readonly store: VectorStoreRecord;
    readonly policy: ExpiryPolicy | null;
    readonly nowMs: number;
    readonly by: Authorized<'write'>;
  },
): Promise<{
  readonly store: VectorStoreRecord;
  readonly policy: ExpiryPolicy;
  readonly expiresAt: number | null;
  readonly wasExpired: boolean;
}> {
  const { store, nowMs, by } = input;
  const policy = applyExpiryEdit(store.expiryPolicy ?? NEVER_EXPIRES, input.policy);
  const endS = expiresAt(policy, { createdAtS: store.createdAt, lastActiveAtS: store.lastActiveAt });
  if (endS !== null && endS * 1000 <= nowMs) {
    throw new AppError(
      'expiry_in_past',
      `With this policy vector store '${store.id}' would have expired on ${instantWords(endS)}. Choose a later end, or delete the store.`,
      { details: { expiresAt: endS } },
    );
  }
  const after = await tx.vectorStores.editRecord(store, { expiryPolicy: policy }, nowMs);
  const wasExpired = store.status === EXPIRED;
  await tx.audit.append(by, {
    atMs: nowMs,
    action: 'vector_store.expiry_changed',
    subject: store.id,
    outcome: 'done',
    detail: {
      before: { policy: store.expiryPolicy, expiresAt: store.expiresAt },
      after: { policy, expiresAt: endS },
      wasExpired,
    },
  });
  return { store: after, policy, expiresAt: endS, wasExpired };
}
