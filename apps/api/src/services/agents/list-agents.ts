import { z } from 'zod';
import type { RecordContext } from '../context/app-context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { ListAgentsQuery } from './inputs.ts';
import { presentAgent } from './present-agent.ts';
import type { AgentPage } from './views.ts';

/** Agents by key. Throws `unknown_cursor`. */
export async function listAgents(
  deps: RecordContext,
  input: { tenantId: string; query: ListAgentsQuery },
): Promise<AgentPage> {
  const { tenantId, query } = input;
  const nowMs = deps.clock.nowMs();
  const key = decodeCursor(query.cursor, 'agents', z.tuple([z.string()]));
  const { agents, total } = await deps.db.read.agents.list({
    tenantId,
    text: query.q?.trim() || undefined,
    after: key?.[0],
    limit: query.limit + 1,
  });
  const page = agents.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: page.map((agent) => presentAgent(agent, nowMs)),
    nextCursor: agents.length > query.limit && last !== undefined ? encodeCursor('agents', [last.key]) : null,
    total,
    asOf: null,
  };
}
