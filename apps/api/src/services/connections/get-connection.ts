import { AppError } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import type { ConnectionContext } from '../context/app-context.ts';
import { presentConnection } from './present-connection.ts';
import type { Connection } from './views.ts';

export async function getConnectionRow(
  deps: Pick<ConnectionContext, 'db'>,
  tenantId: string,
  id: string,
): Promise<ConnectionRow> {
  const row = await deps.db.read.connections.find(tenantId, id);
  if (row === undefined) throw connectionNotFound(id);
  return row;
}

/** The same error for an unknown id and an id of another tenant. */
export function connectionNotFound(id: string): AppError {
  return new AppError('connection_not_found', `There is no connection with id '${id}'.`);
}

export async function getConnection(
  deps: ConnectionContext,
  input: { tenantId: string; id: string },
): Promise<Connection> {
  return presentConnection(deps, await getConnectionRow(deps, input.tenantId, input.id));
}

export async function listConnections(
  deps: ConnectionContext,
  input: { tenantId: string },
): Promise<{ data: Connection[] }> {
  const rows = await deps.db.read.connections.list(input.tenantId);
  return { data: await Promise.all(rows.map((row) => presentConnection(deps, row))) };
}
