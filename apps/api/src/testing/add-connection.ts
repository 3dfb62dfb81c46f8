import type { Connection } from '@espejo/contracts';
import { asSystem } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import { type CreateConnectionInput, createConnection } from '../services/connections/create-connection.ts';
import { type ApiHarness, TENANT } from './api-harness.ts';

const INPUT: CreateConnectionInput = {
  by: asSystem(TENANT, 'local'),
  name: 'Production',
  baseUrl: 'https://api.openai.com/v1/',
  apiKey: 'sk-first',
  organization: '',
  project: 'proj_1',
  isSyncEnabled: true,
};

/** Creates a connection through its service. */
export function addConnection(harness: ApiHarness, input: Partial<CreateConnectionInput> = {}): Promise<Connection> {
  return createConnection(harness.deps, { ...INPUT, ...input });
}

/** A connection's row. */
export async function connectionRow({ db }: ApiHarness, id: string): Promise<ConnectionRow> {
  const row = await db.read.connections.find(TENANT, id);
  if (row === undefined) throw new Error(`There is no connection ${id}.`);
  return row;
}
