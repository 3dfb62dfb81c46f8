'use client';

import { type Agent, LIMITS } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { SearchInput } from '@espejo/ui/blocks/search-input';
import { useInfiniteQuery } from '@tanstack/react-query';
import { BotIcon, PlusIcon, SearchXIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { DataTable } from '#components/data-table/data-table.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { agentsQuery } from '#lib/api/agents.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { AgentCard } from './_components/agent-card.tsx';
import { agentColumns } from './_components/agent-columns.tsx';
import { NewAgentDialog } from './_components/new-agent-dialog.tsx';
import { agentsSearchParams } from './search-params.ts';

const keyOf = (agent: Agent) => agent.agentKey;
const CARD_HEIGHT_PX = 92;

/** The agents, the stores that each one searches, and which of those are broken. */
export function AgentsClient() {
  useValidParams(agentsSearchParams);
  const [params, setParams] = useQueryStates(agentsSearchParams);
  const [isCreating, setIsCreating] = useState(false);
  const agents = useInfiniteQuery(agentsQuery(params.q || undefined));
  const list = useInfiniteRows(agents, keyOf);
  const isFiltered = params.q !== '';
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <PageHeader
          title="Agents"
          description="The vector stores that your agents search. Agents resolve their tools here, so a missing store is reported before a run."
          actions={
            <PermissionButton needs="write" size="sm" onClick={() => setIsCreating(true)}>
              <PlusIcon />
              New agent
            </PermissionButton>
          }
        />
        <SearchInput
          value={params.q}
          onValueChange={(q) => void setParams({ q })}
          label="Search agents"
          placeholder="Part of a key"
          maxLength={LIMITS.searchTextMax}
          className="w-full md:w-64"
        />
      </div>
      {agents.isPending ? (
        <LoadingRows label="Loading agents" />
      ) : agents.isError && list.rows.length === 0 ? (
        <ErrorState title="The agents could not be loaded" error={agents.error} onRetry={() => void agents.refetch()} />
      ) : list.rows.length === 0 ? (
        isFiltered ? (
          <EmptyState icon={SearchXIcon} title="No agent matches" />
        ) : (
          <EmptyState icon={BotIcon} title="No agent yet">
            <p>
              Bind mirrors and primary stores to an agent, and build the agent with the tools that Espejo resolves. Each
              store then shows which agents use it, also before it is deleted.
            </p>
          </EmptyState>
        )
      ) : (
        <DataTable
          label="Agents"
          noun="agent"
          nouns="agents"
          list={list}
          columns={agentColumns}
          rowId={keyOf}
          renderCard={(agent) => <AgentCard agent={agent} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey={params.q}
        />
      )}
      {isCreating ? <NewAgentDialog onClose={() => setIsCreating(false)} /> : null}
    </div>
  );
}
