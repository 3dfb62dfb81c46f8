import type { AgentReader } from './find-agent.ts';
import type { StoreUser } from './views.ts';

/** The agents that search each of these stores, by key; unused stores are omitted. */
export async function whereUsed(
  deps: AgentReader,
  input: { tenantId: string; storeIds: readonly string[] },
): Promise<ReadonlyMap<string, readonly StoreUser[]>> {
  const uses = await deps.db.read.agents.listUses(input.tenantId, input.storeIds);
  const byStore = Map.groupBy(uses, ({ storeId }) => storeId);
  return new Map([...byStore].map(([id, own]) => [id, own.map(({ agentKey, mode }) => ({ agentKey, mode }))]));
}
