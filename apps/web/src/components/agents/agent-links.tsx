import type { StoreUser } from '@espejo/contracts';
import Link from 'next/link';
import { formatCount } from '#lib/format/count.ts';
import { MODE_LABELS } from '#lib/labels/agents.ts';

export const agentHref = (key: string) => `/agents/${encodeURIComponent(key)}`;

/** Links to the agents that use a store: the first few, and the number of others. */
export function AgentLinks({
  users,
  shownMax = Number.POSITIVE_INFINITY,
}: {
  users: readonly StoreUser[];
  shownMax?: number;
}) {
  const shown = users.slice(0, shownMax);
  const more = users.length - shown.length;
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      {shown.map(({ agentKey, mode }) => (
        <span key={agentKey}>
          <Link
            href={agentHref(agentKey)}
            className="text-brand underline-offset-2 hover:underline"
            data-hint={`${MODE_LABELS[mode].text}: ${MODE_LABELS[mode].detail.toLowerCase()}`}
          >
            {agentKey}
          </Link>
          {mode === 'default' ? <span className="text-muted-foreground font-normal"> (default)</span> : null}
        </span>
      ))}
      {more > 0 ? <span className="text-muted-foreground font-normal">and {formatCount(more)} more</span> : null}
    </span>
  );
}
