import { authorize } from '@espejo/core';
import { deleteAgent } from '../../services/agents/delete-agent.ts';
import { getAgent } from '../../services/agents/get-agent.ts';
import { getAgentTools } from '../../services/agents/get-agent-tools.ts';
import { listAgents } from '../../services/agents/list-agents.ts';
import { putAgent } from '../../services/agents/put-agent.ts';
import type { Services } from '../../wire.ts';
import type { ConsoleHandlers } from './handlers.ts';

type AgentOperation = 'listAgents' | 'getAgent' | 'putAgent' | 'deleteAgent' | 'getAgentTools';

/** The handlers of agents. */
export function createAgentHandlers(services: Services): Pick<ConsoleHandlers, AgentOperation> {
  const writer = ({
    tenantId,
    actor,
    role,
  }: {
    tenantId: string;
    actor: string;
    role: 'viewer' | 'editor' | 'admin' | 'owner';
  }) =>
    authorize(
      { tenantId, actor, role, requestId: null, address: null, actions: null, storeIds: null, grants: {} },
      'write',
    );
  return {
    listAgents: ({ tenantId, query }) => listAgents(services, { tenantId, query }),
    getAgent: ({ tenantId, params }) => getAgent(services, { tenantId, key: params.key }),
    putAgent: (input) =>
      putAgent(services, { by: writer(input), key: input.params.key, bindings: input.body.bindings }),
    deleteAgent: async (input) => {
      await deleteAgent(services, { by: writer(input), key: input.params.key });
      return null;
    },
    getAgentTools: ({ tenantId, params, query }) => getAgentTools(services, { tenantId, key: params.key, query }),
  };
}
