'use client';

import type { Agent } from '@espejo/contracts';
import { createColumnHelper } from '@tanstack/react-table';
import Link from 'next/link';
import { agentHref } from '#components/agents/agent-links.tsx';
import { StatusText } from '#components/badges.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { Time } from '#components/time.tsx';
import { formatCount } from '#lib/format/count.ts';
import { agentStatus } from '../agent-standing.ts';
import { AgentStores } from './agent-stores.tsx';

const helper = createColumnHelper<ListFeatures, Agent>();

/** The columns of the agents list. */
export const agentColumns: ListColumns<Agent> = [
  helper.display({
    id: 'key',
    header: 'Agent',
    meta: { label: 'Agent', widthPx: 220, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: agent } }) => (
      <Link
        href={agentHref(agent.agentKey)}
        prefetch={false}
        data-row-link=""
        className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
      >
        {agent.agentKey}
      </Link>
    ),
  }),
  helper.display({
    id: 'standing',
    header: 'Status',
    meta: { label: 'Status', widthPx: 160, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: agent } }) => <StatusText label={agentStatus(agent)} />,
  }),
  helper.display({
    id: 'stores',
    header: 'Stores',
    meta: { label: 'Stores', widthPx: 320, isFlexible: true, priority: 90 },
    cell: ({ row: { original: agent } }) => <AgentStores agent={agent} />,
  }),
  helper.display({
    id: 'count',
    header: 'Bindings',
    meta: { label: 'Bindings', widthPx: 80, align: 'end', priority: 60 },
    cell: ({ row: { original: agent } }) => formatCount(agent.bindings.length),
  }),
  helper.display({
    id: 'updatedAt',
    header: 'Changed',
    meta: { label: 'Changed', widthPx: 120, align: 'end', priority: 70 },
    cell: ({ row: { original: agent } }) => <Time at={agent.updatedAt} />,
  }),
];
