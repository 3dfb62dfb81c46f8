import { deleteAgent } from '../../services/agents/delete-agent.ts';
import { getAgent } from '../../services/agents/get-agent.ts';
import { getAgentTools } from '../../services/agents/get-agent-tools.ts';
import { listAgents } from '../../services/agents/list-agents.ts';
import { putAgent } from '../../services/agents/put-agent.ts';
import type { Services } from '../../services/services.ts';
import type { ConsoleHandlers } from './handler-types.ts';

type AgentOperation = 'listAgents' | 'getAgent' | 'putAgent' | 'deleteAgent' | 'getAgentTools';

/** Handlers of agents. */
export function createAgentHandlers(services: Services): Pick<ConsoleHandlers, AgentOperation> {
  return {
    listAgents: ({ tenantId, query }) => listAgents(services, { tenantId, query }),
    getAgent: ({ tenantId, params }) => getAgent(services, { tenantId, key: params.key }),
    putAgent: ({ by, params, body }) => putAgent(services, { by, key: params.key, bindings: body.bindings }),
    deleteAgent: async ({ by, params }) => {
      await deleteAgent(services, { by, key: params.key });
      return null;
    },
    getAgentTools: ({ tenantId, principal, params, query }) =>
      getAgentTools(services, { tenantId, storeIds: principal.storeIds, key: params.key, query }),
  };
}
