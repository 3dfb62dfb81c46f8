'use client';

import type { Connection } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { CableIcon, DatabaseIcon, RefreshCwIcon, SearchXIcon } from 'lucide-react';
import Link from 'next/link';
import { ConnectLink } from '#components/access/connect-link.tsx';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { useStartSync } from '#lib/hooks/use-start-sync.ts';

interface StoresEmptyProps {
  readonly isFiltered: boolean;
  readonly hasNeverSynced: boolean;
  readonly connections: readonly Connection[] | undefined;
  readonly onClear: () => void;
}

/** Why the list of stores is empty: the filters, no connection, no sync yet, or no store. */
export function StoresEmpty({ isFiltered, hasNeverSynced, connections, onClear }: StoresEmptyProps) {
  const startSync = useStartSync();
  if (isFiltered) {
    return (
      <EmptyState
        icon={SearchXIcon}
        title="No store matches"
        actions={
          <Button variant="outline" size="sm" onClick={onClear}>
            Clear filters
          </Button>
        }
      >
        <p>Search covers names, descriptions and ids. Try a shorter text or another filter.</p>
      </EmptyState>
    );
  }
  if (connections?.length === 0) {
    return (
      <EmptyState icon={CableIcon} tone="brand" title="No project is connected" actions={<ConnectLink />}>
        <p>Connect an OpenAI project, and its vector stores appear here as read-only mirrors.</p>
      </EmptyState>
    );
  }
  const pending = connections?.filter((one) => one.isEnabled && one.lastCompleteSyncAt === null) ?? [];
  if (hasNeverSynced || (pending.length > 0 && pending.length === connections?.length)) {
    const running = connections?.find((one) => one.activeRunId !== null);
    const target = pending[0] ?? connections?.find((one) => one.isEnabled);
    return (
      <EmptyState
        icon={RefreshCwIcon}
        tone="brand"
        title={running ? 'The first sync is running' : 'Not synced yet'}
        actions={
          running ? (
            <Button asChild size="sm">
              <Link href={`/sync/${encodeURIComponent(running.activeRunId ?? '')}`}>Watch it</Link>
            </Button>
          ) : (
            <PermissionButton
              needs="sync"
              size="sm"
              disabled={startSync.isPending || target === undefined}
              onClick={() => target && startSync.mutate({ connectionId: target.id })}
            >
              <RefreshCwIcon />
              Sync now
            </PermissionButton>
          )
        }
      >
        <p>The first sync lists the project’s stores and files; they appear here while it runs.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={DatabaseIcon} title="No vector stores yet">
      <p>
        The last complete sync found none. Stores that you create in the OpenAI project appear here after the next sync.
      </p>
    </EmptyState>
  );
}
