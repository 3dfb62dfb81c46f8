import { AppError, planAgentTools, reachesStore, toSeconds } from '@espejo/core';
import type { AgentBindingRecord, VectorStoreRecord } from '@espejo/db';
import type { RecordContext } from '../context/app-context.ts';
import { bindingState } from './binding-state.ts';
import { findAgent } from './find-agent.ts';
import type { AgentToolsQuery } from './inputs.ts';
import { presentTool } from './present-tool.ts';
import type { AgentTools, BindingState } from './views.ts';

const WHY: Record<Exclude<BindingState, 'ready'>, string> = {
  missing: 'does not exist',
  expired: 'has expired',
  trashed: 'is in the trash',
};

/**
 * The tools to build an agent with. Throws before any run: `agent_not_found`; `agent_store_unavailable` with every
 * store that cannot be searched; `agent_projects_mixed` when one run could not access all of its mirrors.
 */
export async function getAgentTools(
  deps: RecordContext,
  input: { tenantId: string; storeIds: readonly string[] | null; key: string; query: AgentToolsQuery },
): Promise<AgentTools> {
  const { tenantId, storeIds, key, query } = input;
  const agent = await findAgent(deps, tenantId, key);
  const seen = agent.bindings.filter(({ vectorStoreId }) => reachesStore({ storeIds }, vectorStoreId));
  const bindings = leaveOut(seen, query.leaveOut?.split(',') ?? []);
  refuseUnreached(key, agent.bindings.length - seen.length);
  const stores = requireReady(key, bindings, toSeconds(deps.clock.nowMs()));
  const tools = planAgentTools(
    bindings.flatMap(({ vectorStoreId, options }) => {
      const store = stores.get(vectorStoreId);
      if (store === undefined) return [];
      const hostedBy = query.mirrors === 'hosted' ? store.connectionId : null;
      return [{ vectorStoreId, name: store.name, description: store.description, hostedBy, options }];
    }),
  );
  const connectionIds = [...new Set(tools.flatMap((tool) => (tool.kind === 'hosted' ? [tool.connectionId] : [])))];
  if (connectionIds.length > 1) {
    throw new AppError(
      'agent_projects_mixed',
      `The mirrors of agent '${key}' are of ${connectionIds.length} OpenAI projects, and OpenAI's own file search sees one. Build it with mirrors 'espejo', or bind mirrors of one project.`,
      { details: { connectionIds } },
    );
  }
  return { agentKey: key, tools: tools.map(presentTool) };
}

/**
 * An agent is built with all of its stores or not at all. A key that is limited to some of them is told how many it
 * lacks, not which.
 */
function refuseUnreached(key: string, unreachedCount: number): void {
  if (unreachedCount === 0) return;
  const stores = unreachedCount === 1 ? 'one of its stores' : `${unreachedCount} of its stores`;
  throw new AppError(
    'agent_store_unavailable',
    `Agent '${key}' cannot be built: this key does not include ${stores}. Use a key that includes all of them.`,
    { details: { agentKey: key, unreachedCount, stores: [] } },
  );
}

/** The bindings that remain. Throws `invalid_request` for a store that is required, or not bound at all. */
function leaveOut(bindings: readonly AgentBindingRecord[], ids: readonly string[]): AgentBindingRecord[] {
  for (const id of ids) {
    const mode = bindings.find(({ vectorStoreId }) => vectorStoreId === id)?.mode;
    if (mode === 'default') continue;
    const why = mode === undefined ? 'is not bound to this agent' : 'is required by this agent';
    throw new AppError('invalid_request', `Invalid 'leaveOut': vector store '${id}' ${why}.`, {
      details: { param: 'leaveOut' },
    });
  }
  return bindings.filter(({ vectorStoreId }) => !ids.includes(vectorStoreId));
}

function requireReady(
  key: string,
  bindings: readonly AgentBindingRecord[],
  nowS: number,
): ReadonlyMap<string, VectorStoreRecord> {
  const ready = new Map<string, VectorStoreRecord>();
  const broken: { id: string; name: string | null; mode: string; state: BindingState; why: string }[] = [];
  for (const { vectorStoreId: id, store, storeName, mode } of bindings) {
    const state = bindingState(store, nowS);
    if (store !== null && state === 'ready') ready.set(id, store);
    else if (state !== 'ready') broken.push({ id, name: store?.name ?? storeName, mode, state, why: WHY[state] });
  }
  if (broken.length === 0) return ready;
  const told = broken.map(({ id, name, why }) => `${name === null ? `'${id}'` : `'${name}' (${id})`} ${why}`);
  throw new AppError('agent_store_unavailable', `Agent '${key}' cannot be built: ${told.join('; ')}.`, {
    details: { agentKey: key, stores: broken.map(({ why: _, ...store }) => store) },
  });
}
