import type { Authorized } from '@espejo/core';
import type { Repositories } from '@espejo/db';

/** Audits a change of a connection, in the transaction that makes it. Keys are never part of it. */
export async function auditConnection(
  tx: Repositories,
  by: Authorized<'manage'>,
  entry: {
    readonly id: string;
    readonly atMs: number;
    readonly action: 'connection.created' | 'connection.updated' | 'connection.deleted';
    readonly detail: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { id, atMs, action, detail } = entry;
  await tx.audit.append(by, { atMs, action, subject: id, outcome: 'done', detail });
}
