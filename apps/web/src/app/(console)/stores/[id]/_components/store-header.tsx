'use client';

import type { VectorStoreDetail } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Stat } from '@espejo/ui/blocks/facts';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { useQuery } from '@tanstack/react-query';
import { LockIcon } from 'lucide-react';
import { useState } from 'react';
import { AgentLinks } from '#components/agents/agent-links.tsx';
import { SourceBadge, StoreStatus } from '#components/badges.tsx';
import { Breadcrumb } from '#components/breadcrumb.tsx';
import { DefaultBadge } from '#components/default-store.tsx';
import { ExpiryCell } from '#components/expiry.tsx';
import { FileCountsText } from '#components/file-counts.tsx';
import { Name } from '#components/name.tsx';
import { Size } from '#components/size.tsx';
import { StoreName } from '#components/store-name.tsx';
import { ConnectionTag } from '#components/store-origin.tsx';
import { Time } from '#components/time.tsx';
import { TransferDialog } from '#components/transfer/transfer-dialog.tsx';
import { connectionsQuery } from '#lib/api/connections.ts';
import { NONE } from '#lib/format/count.ts';
import { MirrorWays } from './mirror-ways.tsx';
import { READ_ONLY_REASON_ID } from './read-only-reason.ts';
import { StoreActions } from './store-actions.tsx';

/** The name, source, status and figures of the store, and its actions. */
export function StoreHeader({ store }: { store: VectorStoreDetail }) {
  const connections = useQuery(connectionsQuery);
  const [isAdopting, setIsAdopting] = useState(false);
  const connection = connections.data?.find((one) => one.id === store.connectionId);
  return (
    <div className="flex flex-col gap-3">
      <PageHeader
        above={
          <Breadcrumb href="/stores" list="Vector stores">
            {connection === undefined ? (
              store.source === 'primary' ? (
                'Primary'
              ) : (
                'Mirror'
              )
            ) : (
              <Name text={connection.name} />
            )}
          </Breadcrumb>
        }
        title={<StoreName name={store.name} />}
        description={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <SourceBadge source={store.source} />
            <ConnectionTag connection={connection} />
            <DefaultBadge storeId={store.id} />
            <span className="flex min-w-0 items-center gap-0.5 font-mono text-xs">
              <span className="break-all">{store.id}</span>
              <CopyButton value={store.id} label="Copy store id" />
            </span>
          </span>
        }
        actions={<StoreActions store={store} connection={connection} />}
      />
      {store.readOnlyReason === null ? null : (
        <div className="text-muted-foreground flex flex-wrap items-center gap-x-3 gap-y-2">
          <p id={READ_ONLY_REASON_ID} className="flex items-start gap-2 text-pretty">
            <LockIcon aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
            <span>
              <span className="text-foreground font-medium">Read-only here.</span> {store.readOnlyReason}
            </span>
          </p>
          <MirrorWays store={store} connection={connection} onAdopt={() => setIsAdopting(true)} />
        </div>
      )}
      {isAdopting ? <TransferDialog store={store} onClose={() => setIsAdopting(false)} /> : null}
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 sm:flex sm:flex-wrap sm:gap-x-10">
        <Stat label="Status">
          <StoreStatus store={store} />
        </Stat>
        <Stat label="Files">
          <FileCountsText counts={store.fileCounts} storeId={store.id} />
        </Stat>
        <Stat label="Size">
          <Size bytes={store.usageBytes} />
        </Stat>
        <Stat label="Expires">
          <ExpiryCell store={store} />
        </Stat>
        <Stat label="Last active">{store.lastActiveAt === null ? NONE : <Time at={store.lastActiveAt} />}</Stat>
        <Stat label="Created">
          <Time at={store.createdAt} />
        </Stat>
        {store.usedBy.length === 0 ? null : (
          <Stat label="Used by">
            <AgentLinks users={store.usedBy} shownMax={2} />
          </Stat>
        )}
        {store.lastSyncedAt === null ? null : (
          <Stat label="As of">
            <Time at={store.lastSyncedAt} />
          </Stat>
        )}
      </dl>
    </div>
  );
}
