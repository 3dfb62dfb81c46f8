import { AppError } from '@espejo/core';
import type { ConnectionRow, Database, VectorStoreRecord } from '@espejo/db';

/**
 * The connection of a mirror. Throws `connection_not_found` or `connection_disabled`: then upstream cannot be called.
 */
export async function connectionOfMirror(
  deps: { readonly db: Database },
  store: VectorStoreRecord,
): Promise<ConnectionRow> {
  const connections = await deps.db.read.connections.list(store.tenantId);
  const connection = connections.find(({ id }) => id === store.connectionId);
  if (connection === undefined) {
    throw new AppError('connection_not_found', `The connection of vector store '${store.id}' does not exist any more.`);
  }
  if (!connection.isEnabled) {
    throw new AppError(
      'connection_disabled',
      `Vector store '${store.id}' is a mirror, and its connection '${connection.name}' is disabled. Enable it to search at OpenAI.`,
    );
  }
  return connection;
}
