import { z } from 'zod';
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
import { route } from './route.ts';

/** Which stores agents search, and the tools that makes of them. */
export const AGENT_ROUTES = {
  listAgents: route({
    method: 'GET',
    path: '/api/agents',
    summary: 'List agents with the stores they search, by key',
    tag: 'Agents',
    action: 'read',
    query: ListAgentsQuery,
    status: 200,
    response: AgentPage,
  }),
  getAgent: route({
    method: 'GET',
    path: '/api/agents/:key',
    summary: 'Get an agent; stores that are gone are told too',
    tag: 'Agents',
    action: 'read',
    params: AgentParams,
    status: 200,
    response: Agent,
  }),
  putAgent: route({
    method: 'PUT',
    path: '/api/agents/:key',
    summary: 'Say which stores an agent searches: the whole list',
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
    summary: 'Forget an agent; its stores stay',
    tag: 'Agents',
    action: 'write',
    params: AgentParams,
    status: 204,
    response: z.null(),
  }),
  getAgentTools: route({
    method: 'GET',
    path: '/api/agents/:key/tools',
    summary: 'The tools to build an agent with; refused when one of its stores cannot be searched',
    tag: 'Agents',
    action: 'search',
    isNarrowed: true,
    params: AgentParams,
    query: AgentToolsQuery,
    status: 200,
    response: AgentTools,
  }),
} as const;
