'use client';

import { AgentKey } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { useQuery } from '@tanstack/react-query';
import { BotIcon } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { agentQuery } from '#lib/api/agents.ts';
import { asApiError } from '#lib/api/client.ts';
import { AgentEditor } from './_components/agent-editor.tsx';

/** An agent and its stores; for an unused key, the page that creates the agent. */
export function AgentClient({ agentKey }: { agentKey: string }) {
  const agent = useQuery({
    ...agentQuery(agentKey),
    retry: (count, error) => count < 2 && asApiError(error).status !== 404,
  });
  useEffect(() => {
    document.title = `${agentKey} · Espejo`;
  }, [agentKey]);

  if (agent.isPending) return <LoadingRows label="Loading the agent" />;
  if (agent.data === undefined || agent.isError) {
    if (agent.error !== null && asApiError(agent.error).status === 404) {
      return AgentKey.safeParse(agentKey).success ? (
        <AgentEditor key="new" agentKey={agentKey} agent={null} />
      ) : (
        <NoAgent agentKey={agentKey} />
      );
    }
    if (agent.data === undefined) {
      return (
        <ErrorState
          isPageTitle
          title="The agent could not be loaded"
          error={agent.error}
          onRetry={() => void agent.refetch()}
        />
      );
    }
  }
  return <AgentEditor key="saved" agentKey={agentKey} agent={agent.data} />;
}

function NoAgent({ agentKey }: { agentKey: string }) {
  return (
    <EmptyState
      icon={BotIcon}
      title="No such agent"
      isPageTitle
      actions={
        <Button asChild variant="outline" size="sm">
          <Link href="/agents">All agents</Link>
        </Button>
      }
    >
      <p>
        <code className="font-mono text-xs break-all">{agentKey}</code> is not a valid agent key.
      </p>
    </EmptyState>
  );
}
