import { AgentTools, ApiError, createConsoleClient } from '@espejo/contracts';
import type { Tool } from '@openai/agents';
import { toFunctionTool } from './to-function-tool.ts';
import { toHostedTool } from './to-hosted-tool.ts';

export interface ResolveAgentToolsOptions {
  /** Origin of Espejo, such as `http://localhost:4000`. */
  readonly baseUrl: string;
  /** An API key of Espejo; absent if none is configured. */
  readonly apiKey?: string | undefined;
  /** The agent's key in Espejo. */
  readonly agentKey: string;
  /**
   * How mirrors are searched. `hosted`: by OpenAI's file search, so that the run needs a key of their project.
   * `espejo`: by a function through Espejo, which needs no project.
   */
  readonly mirrors?: 'hosted' | 'espejo' | undefined;
  /** Ids of default stores to leave out. */
  readonly leaveOut?: readonly string[] | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The tools of an agent for the OpenAI Agents SDK: one file search for mirrors with equal options, one function for
 * each store that is searched through Espejo. Throws an `ApiError` before any run when the agent cannot be built:
 * `agent_store_unavailable` names every store that is missing, expired or in the trash.
 */
export async function resolveAgentTools(options: ResolveAgentToolsOptions): Promise<Tool[]> {
  const { agentKey, mirrors, leaveOut = [], signal } = options;
  const endpoint = {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    ...(options.apiKey !== undefined && { apiKey: options.apiKey }),
    fetch: options.fetch ?? fetch,
  };
  const answer = await createConsoleClient(endpoint)('getAgentTools', {
    params: { key: agentKey },
    query: {
      ...(mirrors !== undefined && { mirrors }),
      ...(leaveOut.length > 0 && { leaveOut: leaveOut.join(',') }),
    },
    signal,
  });
  const read = AgentTools.safeParse(answer);
  if (!read.success) {
    throw new ApiError(200, 'bad_response', 'Espejo answered with tools that this version does not know.', null);
  }
  return read.data.tools.map((spec) => (spec.kind === 'hosted' ? toHostedTool(spec) : toFunctionTool(spec, endpoint)));
}
