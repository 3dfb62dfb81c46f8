'use client';

import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { Sheet, SheetContent, SheetDescription, SheetHeader, SheetTitle } from '@espejo/ui/ui/sheet';
import { useQuery } from '@tanstack/react-query';
import { CableIcon, PlusIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { connectionsQuery } from '#lib/api/connections.ts';
import { plural } from '#lib/format/count.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { ConnectionCard } from './_components/connection-card.tsx';
import { ConnectionForm } from './_components/connection-form.tsx';
import { connectionsSearchParams } from './search-params.ts';

/** What Espejo uses a key for. */
const KEY_USE =
  'Syncing only reads. Deleting, publishing and searching use this key too, and only when you ask for it.';

export function ConnectionsClient() {
  useValidParams(connectionsSearchParams);
  const [params, setParams] = useQueryStates(connectionsSearchParams);
  const connections = useQuery(connectionsQuery);
  const edited = connections.data?.find((connection) => connection.id === params.edit) ?? null;
  const isOpen = params.new === 'true' || edited !== null;
  const close = () => void setParams({ new: null, edit: null });
  const openNew = () => void setParams({ new: 'true', edit: null });

  return (
    <div className="flex min-h-full flex-col">
      <div className="px-4 pt-4 pb-3">
        <PageHeader
          title="Connections"
          description={
            connections.data === undefined
              ? 'Each connection is one OpenAI project.'
              : `${plural(connections.data.length, 'connection')} · each is one OpenAI project, mirrored read-only`
          }
          actions={
            <PermissionButton needs="manage" size="sm" onClick={openNew}>
              <PlusIcon />
              Connect a project
            </PermissionButton>
          }
        />
      </div>
      {connections.isPending ? (
        <LoadingRows label="Loading connections" />
      ) : connections.data === undefined ? (
        <ErrorState
          title="The connections could not be loaded"
          error={connections.error}
          onRetry={() => void connections.refetch()}
        />
      ) : connections.data.length === 0 ? (
        <EmptyState
          icon={CableIcon}
          tone="brand"
          title="No project is connected"
          actions={
            <PermissionButton needs="manage" size="sm" onClick={openNew}>
              <PlusIcon />
              Connect a project
            </PermissionButton>
          }
        >
          <p>
            Give Espejo an API key of an OpenAI project. Syncing only reads; deleting, publishing and searching use the
            key too, when you ask for it. The key is kept encrypted.
          </p>
        </EmptyState>
      ) : (
        <ul aria-label="Connections" className="grid gap-3 px-4 pb-6 xl:grid-cols-2">
          {connections.data.map((connection) => (
            <ConnectionCard
              key={connection.id}
              connection={connection}
              onEdit={() => void setParams({ edit: connection.id, new: null })}
            />
          ))}
        </ul>
      )}
      <Sheet open={isOpen} onOpenChange={(next) => (next ? undefined : close())}>
        <SheetContent className="w-full gap-0 overflow-y-auto sm:max-w-lg">
          <SheetHeader className="border-b pr-12">
            <SheetTitle>{edited === null ? 'Connect a project' : `Edit ${edited.name}`}</SheetTitle>
            <SheetDescription className="text-balance">{KEY_USE}</SheetDescription>
          </SheetHeader>
          {isOpen ? <ConnectionForm key={edited?.id ?? 'new'} connection={edited} onClose={close} /> : null}
        </SheetContent>
      </Sheet>
    </div>
  );
}
