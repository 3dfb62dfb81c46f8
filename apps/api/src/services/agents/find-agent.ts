import { AppError } from '@espejo/core';
import type { AgentRecord, Repositories } from '@espejo/db';

/** Reads agents from the last committed state, or inside a transaction. */
export interface AgentReader {
  readonly db: { readonly read: Pick<Repositories, 'agents'> };
}

/** Throws `agent_not_found`. */
export async function findAgent(deps: AgentReader, tenantId: string, key: string): Promise<AgentRecord> {
  const agent = await deps.db.read.agents.find(tenantId, key);
  if (agent === undefined) throw new AppError('agent_not_found', `There is no agent with the key '${key}'.`);
  return agent;
}
