'use client';

import type { Agent } from '@espejo/contracts';
import Link from 'next/link';
import { agentHref } from '#components/agents/agent-links.tsx';
import { StatusText } from '#components/badges.tsx';
import { Time } from '#components/time.tsx';
import { plural } from '#lib/format/count.ts';
import { agentStatus } from '../agent-standing.ts';
import { AgentStores } from './agent-stores.tsx';

/** An agent on a narrow screen. */
export function AgentCard({ agent }: { agent: Agent }) {
  return (
    <article className="active:bg-accent/60 relative flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <Link
          href={agentHref(agent.agentKey)}
          prefetch={false}
          className="min-w-0 truncate text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
        >
          {agent.agentKey}
        </Link>
        <span className="ml-auto shrink-0">
          <StatusText label={agentStatus(agent)} />
        </span>
      </div>
      <AgentStores agent={agent} />
      <p className="text-muted-foreground truncate text-xs">
        {plural(agent.bindings.length, 'store')} · <Time at={agent.updatedAt} />
      </p>
    </article>
  );
}
