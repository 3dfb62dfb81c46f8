'use client';

import type { Agent } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { Trash2Icon } from 'lucide-react';
import { useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { StatusText } from '#components/badges.tsx';
import { Breadcrumb } from '#components/breadcrumb.tsx';
import { Time } from '#components/time.tsx';
import { agentStatus } from '../../agent-standing.ts';
import { DeleteAgentDialog } from './delete-agent-dialog.tsx';

/** The key of the agent, and whether it can be built. */
export function AgentHeader({ agentKey, agent }: { agentKey: string; agent: Agent | null }) {
  const [isDeleting, setIsDeleting] = useState(false);
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb href="/agents" list="Agents">
            {agent === null ? 'New' : 'Agent'}
          </Breadcrumb>
        }
        title={agentKey}
        description={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            {agent === null ? (
              'The agent is created when you save its first store.'
            ) : (
              <>
                <StatusText label={agentStatus(agent)} />
                <span>
                  changed <Time at={agent.updatedAt} />
                </span>
              </>
            )}
            <CopyButton value={agentKey} label="Copy agent key" />
          </span>
        }
        actions={
          agent === null ? null : (
            <PermissionButton needs="write" size="sm" variant="outline" onClick={() => setIsDeleting(true)}>
              <Trash2Icon />
              Delete
            </PermissionButton>
          )
        }
      />
      {isDeleting ? <DeleteAgentDialog agentKey={agentKey} onClose={() => setIsDeleting(false)} /> : null}
    </>
  );
}
