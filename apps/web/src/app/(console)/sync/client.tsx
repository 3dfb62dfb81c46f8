'use client';

import type { SyncRun } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { Button } from '@espejo/ui/ui/button';
import { Skeleton } from '@espejo/ui/ui/skeleton';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CableIcon, HistoryIcon, SearchXIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { ConnectLink } from '#components/access/connect-link.tsx';
import { DataTable } from '#components/data-table/data-table.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { connectionsQuery } from '#lib/api/connections.ts';
import { syncRunsQuery } from '#lib/api/sync-runs.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { RUN_STATUS } from '#lib/labels/common.ts';
import { ConnectionSync } from './_components/connection-sync.tsx';
import { RunCard } from './_components/run-card.tsx';
import { runColumns } from './_components/run-columns.tsx';
import { syncSearchParams } from './search-params.ts';

const idOf = (run: SyncRun) => run.id;
const CARD_HEIGHT_PX = 84;

export function SyncClient() {
  useValidParams(syncSearchParams);
  const [params, setParams] = useQueryStates(syncSearchParams);
  const connections = useQuery(connectionsQuery);
  const view = { connectionId: params.connection ?? undefined, status: params.status ?? undefined };
  const isFiltered = params.connection !== null || params.status !== null;
  const runs = useInfiniteQuery(syncRunsQuery(view));
  const list = useInfiniteRows(runs, idOf);

  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-4 px-4 pt-4 pb-3">
        <PageHeader
          title="Sync"
          description="A sync lists a whole project, compares it with the mirror and updates the mirror. It never writes to OpenAI."
        />
        {connections.isPending ? (
          <Skeleton className="h-24 rounded-lg" />
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
            className="py-8"
            actions={<ConnectLink />}
          />
        ) : (
          <ul
            aria-label="Connections"
            className="bg-card divide-y rounded-lg border md:max-h-[22rem] md:overflow-y-auto"
          >
            {connections.data.map((connection) => (
              <ConnectionSync key={connection.id} connection={connection} />
            ))}
          </ul>
        )}
        <div role="toolbar" aria-label="Filter runs" className="mt-2 flex flex-wrap items-center gap-2">
          <h2 className="mr-2 text-sm font-semibold tracking-tight">Runs</h2>
          <FacetFilter
            label="Status"
            value={params.status}
            options={STATUS_OPTIONS}
            onValueChange={(value) =>
              void setParams({ status: value === null ? null : syncSearchParams.status.parse(value) })
            }
          />
          {(connections.data?.length ?? 0) > 1 || params.connection !== null ? (
            <FacetFilter
              label="Connection"
              value={params.connection}
              options={(connections.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              onValueChange={(connection) => void setParams({ connection })}
            />
          ) : null}
        </div>
      </div>
      {runs.isPending ? (
        <LoadingRows label="Loading sync runs" />
      ) : runs.isError && list.rows.length === 0 ? (
        <ErrorState title="The runs could not be loaded" error={runs.error} onRetry={() => void runs.refetch()} />
      ) : list.rows.length === 0 ? (
        isFiltered ? (
          <EmptyState
            icon={SearchXIcon}
            title="No run matches"
            actions={
              <Button variant="outline" size="sm" onClick={() => void setParams({ connection: null, status: null })}>
                Clear filters
              </Button>
            }
          />
        ) : (
          <EmptyState icon={HistoryIcon} title="No sync has run yet">
            <p>Start one above, or wait for the schedule. Every run is listed here with its changes.</p>
          </EmptyState>
        )
      ) : (
        <DataTable
          label="Sync runs"
          noun="run"
          nouns="runs"
          list={list}
          columns={runColumns}
          rowId={idOf}
          renderCard={(run) => <RunCard run={run} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey={JSON.stringify(view)}
        />
      )}
    </div>
  );
}

const STATUS_OPTIONS = Object.entries(RUN_STATUS).map(([value, { text }]) => ({ value, label: text }));
