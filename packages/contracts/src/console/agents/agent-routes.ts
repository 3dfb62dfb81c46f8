import { z } from 'zod';
import { route } from '../route.ts';
import {
  Agent,
  AgentPage,
  AgentParams,
  AgentTools,
  AgentToolsQuery,
  ListAgentsQuery,
  PutAgentBody,
  PutAgentParams,
} from './agents.ts';

/** Which stores each agent searches, and the tools made of them. */
export const AGENT_ROUTES = {
  listAgents: route({
    method: 'GET',
    path: '/api/agents',
    summary: 'List agents with the stores they search, by key',
    description: 'Each with its stores and their problems. `q` matches a part of a key.',
    errors: [],
    tag: 'Agents',
    action: 'read',
    query: ListAgentsQuery,
    status: 200,
    response: AgentPage,
  }),
  getAgent: route({
    method: 'GET',
    path: '/api/agents/:key',
    summary: 'Get an agent, with stores that are gone',
    description:
      'The stores the agent is bound to, in order. A store that is gone, expired or in the trash is marked as such.',
    errors: ['agent_not_found'],
    tag: 'Agents',
    action: 'read',
    params: AgentParams,
    status: 200,
    response: Agent,
  }),
  putAgent: route({
    method: 'PUT',
    path: '/api/agents/:key',
    summary: 'Set the stores that an agent searches: the whole list',
    description:
      'Replaces the whole list. Each store must be searchable now. Creates the agent if there is none with this key.',
    errors: ['vector_store_not_found'],
    tag: 'Agents',
    action: 'write',
    params: PutAgentParams,
    body: PutAgentBody,
    status: 200,
    response: Agent,
  }),
  deleteAgent: route({
    method: 'DELETE',
    path: '/api/agents/:key',
    summary: 'Remove an agent; its stores stay',
    description: 'Removes only the bindings.',
    errors: ['agent_not_found'],
    tag: 'Agents',
    action: 'write',
    params: AgentParams,
    status: 204,
    response: z.null(),
  }),
  getAgentTools: route({
    method: 'GET',
    path: '/api/agents/:key/tools',
    summary: 'Get the tools of an agent; rejected when one of its stores cannot be searched',
    description:
      'For each store a tool in the form of the Responses API. Rejected when a required store cannot be searched, so that no agent runs with less than it needs.',
    errors: ['agent_not_found', 'agent_store_unavailable', 'agent_projects_mixed'],
    tag: 'Agents',
    action: 'search',
    isNarrowed: true,
    params: AgentParams,
    query: AgentToolsQuery,
    status: 200,
    response: AgentTools,
  }),
} as const;
