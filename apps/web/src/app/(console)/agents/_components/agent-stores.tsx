import type { Agent } from '@espejo/contracts';
import { BindingBadge } from '#components/agents/binding-badge.tsx';

/** The stores of an agent in one line; broken stores come first because the line may be truncated. */
export function AgentStores({ agent }: { agent: Agent }) {
  const bindings = agent.bindings.toSorted((a, b) => Number(a.state === 'ready') - Number(b.state === 'ready'));
  return (
    <span className="flex gap-1 overflow-hidden [mask-image:linear-gradient(to_right,black_calc(100%-2rem),transparent)]">
      {bindings.map((binding) => (
        <BindingBadge key={binding.vectorStoreId} binding={binding} />
      ))}
    </span>
  );
}
