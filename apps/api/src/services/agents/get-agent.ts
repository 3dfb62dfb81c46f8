import type { Agent } from '@espejo/contracts';
import type { AgentDeps } from './agent-deps.ts';
import { findAgent } from './find-agent.ts';
import { presentAgent } from './present-agent.ts';

/** An agent with its stores, broken ones included. Throws `agent_not_found`. */
export async function getAgent(deps: AgentDeps, input: { tenantId: string; key: string }): Promise<Agent> {
  return presentAgent(await findAgent(deps, input.tenantId, input.key), deps.clock.nowMs());
}
