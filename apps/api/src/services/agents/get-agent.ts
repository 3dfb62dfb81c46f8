import type { RecordContext } from '../context/app-context.ts';
import { findAgent } from './find-agent.ts';
import { presentAgent } from './present-agent.ts';
import type { Agent } from './views.ts';

/** An agent with its stores, broken ones included. Throws `agent_not_found`. */
export async function getAgent(deps: RecordContext, input: { tenantId: string; key: string }): Promise<Agent> {
  return presentAgent(await findAgent(deps, input.tenantId, input.key), deps.clock.nowMs());
}
