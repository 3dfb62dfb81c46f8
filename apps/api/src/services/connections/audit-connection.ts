import type { Repositories } from '@espejo/db';

/** Writes down who did what to a connection, in the transaction that does it. Keys are never part of it. */
export async function auditConnection(
  tx: Repositories,
  entry: {
    readonly tenantId: string;
    readonly id: string;
    /** Left out: this machine. */
    readonly actor: string | undefined;
    readonly atMs: number;
    readonly action: 'connection.created' | 'connection.updated' | 'connection.deleted';
    readonly detail: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { tenantId, id, actor = 'local', atMs, action, detail } = entry;
  await tx.audit.append({ tenantId, atMs, actor, action, subject: id, outcome: 'done', detail });
}
