import type { Connection } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import type { ConnectionDeps } from './connection-deps.ts';
import { presentConnection } from './present-connection.ts';

export async function getConnectionRow(
  deps: Pick<ConnectionDeps, 'db'>,
  tenantId: string,
  id: string,
): Promise<ConnectionRow> {
  const row = await deps.db.read.connections.find(tenantId, id);
  if (row === undefined) throw new AppError('connection_not_found', `There is no connection with id '${id}'.`);
  return row;
}

export async function getConnection(
  deps: ConnectionDeps,
  input: { tenantId: string; id: string },
): Promise<Connection> {
  return presentConnection(deps, await getConnectionRow(deps, input.tenantId, input.id));
}

export async function listConnections(
  deps: ConnectionDeps,
  input: { tenantId: string },
): Promise<{ data: Connection[] }> {
  const rows = await deps.db.read.connections.list(input.tenantId);
  return { data: await Promise.all(rows.map((row) => presentConnection(deps, row))) };
}
