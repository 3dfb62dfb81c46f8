import type { StoreUse } from '@espejo/core';
import type { DeletionPlan } from '../views.ts';
import { PLAN_ROWS_MAX } from './bounds.ts';

type PlannedAgent = DeletionPlan['agents'][number];

/** Agents named in a warning. */
const NAMED = 3;

/** The agents that use stores of a plan: those that require one first, then by key. */
function agentsOf(uses: readonly StoreUse[]): PlannedAgent[] {
  const agents = [...Map.groupBy(uses, ({ agentKey }) => agentKey)].map(
    ([agentKey, own]): PlannedAgent => ({
      agentKey,
      mode: own.some(({ mode }) => mode === 'required') ? 'required' : 'default',
      storeCount: own.length,
    }),
  );
  const rank = ({ mode, agentKey }: PlannedAgent) => `${mode === 'required' ? 0 : 1} ${agentKey}`;
  return agents.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** The sentences of a plan about agents. */
export function presentUses(
  uses: readonly StoreUse[],
): Pick<DeletionPlan, 'agents' | 'agentCount'> & { readonly warnings: DeletionPlan['warnings'] } {
  const agents = agentsOf(uses);
  return {
    agents: agents.slice(0, PLAN_ROWS_MAX),
    agentCount: agents.length,
    warnings: [
      ...warn(
        'agents_need_it',
        agents.filter(({ mode }) => mode === 'required'),
        'cannot be built any more without a store of this plan',
      ),
      ...warn(
        'agents_use_it',
        agents.filter(({ mode }) => mode === 'default'),
        'can only be built by leaving a store of this plan out',
      ),
    ],
  };
}

function warn(code: string, agents: readonly PlannedAgent[], what: string): DeletionPlan['warnings'] {
  if (agents.length === 0) return [];
  const named = agents.slice(0, NAMED).map(({ agentKey }) => `'${agentKey}'`);
  const more = agents.length - named.length;
  const list = more > 0 ? [...named, `${more} more`] : named;
  const words = list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${list.at(-1)}` : list.join('');
  return [{ code, message: `${agents.length === 1 ? 'Agent' : 'Agents'} ${words} ${what}.` }];
}

/** Agents that use stores of one plan and not of the other: possibly the only difference between them. */
export function diffUses(before: readonly PlannedAgent[], after: readonly PlannedAgent[]) {
  const keysOf = (agents: readonly PlannedAgent[]) => agents.map(({ agentKey, mode }) => `${agentKey} (${mode})`);
  const minus = (a: readonly string[], b: readonly string[]) => a.filter((key) => !b.includes(key));
  return {
    agentsAdded: minus(keysOf(after), keysOf(before)),
    agentsGone: minus(keysOf(before), keysOf(after)),
  };
}
