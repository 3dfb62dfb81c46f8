import { AppError, type Authorized } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import type { ConnectionContext } from '../context/app-context.ts';
import { auditConnection } from './audit-connection.ts';

import { getConnectionRow } from './get-connection.ts';
import { stopRuns } from './stop-runs.ts';

/**
 * Deletes a connection, its mirrored rows and its runs, in one transaction. Nothing changes upstream. A running sync of
 * it is stopped first, and can write nothing after.
 */
export async function deleteConnection(
  deps: ConnectionContext,
  input: { readonly by: Authorized<'manage'>; readonly id: string },
): Promise<void> {
  const { by, id } = input;
  const { tenantId } = by;
  const row = await getConnectionRow(deps, tenantId, id);
  if (row.origin === 'environment') {
    throw new AppError(
      'connection_read_only',
      'This connection comes from the environment (OPENAI_API_KEY, OPENAI_BASE_URL). Unset them and restart Espejo to remove it.',
    );
  }
  if (await deps.db.read.deletionSteps.hasPendingIn(tenantId, id)) {
    throw new AppError(
      'connection_busy',
      `A deletion is running through connection '${row.name}'. Wait for it or cancel it, then delete the connection.`,
    );
  }
  deps.scheduler.remove({ tenantId, id });
  await stopRuns(deps, { tenantId, id });
  await deleteConnectionRows(deps, tenantId, id, (tx) =>
    auditConnection(tx, by, {
      id,
      atMs: deps.clock.nowMs(),
      action: 'connection.deleted',
      detail: { name: row.name, baseUrl: row.baseUrl },
    }),
  );
  deps.log.info({ connectionId: id }, 'connection deleted');
}

/** Removes every row of a connection. Taking its lease fences off a run of another process, so it cannot write. */
export async function deleteConnectionRows(
  deps: Pick<ConnectionContext, 'db'>,
  tenantId: string,
  id: string,
  also: (tx: Repositories) => Promise<void> = async () => undefined,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await tx.leases.take({ tenantId, name: `sync:${id}`, owner: '', expiresAtMs: 0 });
    await tx.mirrorPermits.grant(tenantId, id);
    await tx.files.removeAllOf(tenantId, id);
    await tx.attachments.removeAllOf(tenantId, id);
    await tx.mirrorStores.removeAllOf(tenantId, id);
    await tx.mirrorPermits.revoke();
    await tx.syncChanges.removeAllOf(tenantId, id);
    await tx.syncRuns.removeAllOf(tenantId, id);
    await tx.storageSnapshots.removeAllOf(tenantId, id);
    await tx.connections.remove(tenantId, id);
    await also(tx);
  });
}
