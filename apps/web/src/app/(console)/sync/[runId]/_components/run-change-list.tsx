'use client';

import type { SyncChange, SyncRun } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { Button } from '@espejo/ui/ui/button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { CircleCheckIcon, HourglassIcon, SearchXIcon, ShieldAlertIcon } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { ChangeList } from '#components/change-list.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { StoreName, shortId } from '#components/store-name.tsx';
import { runChangesQuery } from '#lib/api/sync-runs.ts';
import { CHANGE_WORDS } from '#lib/format/changes.ts';
import { plural } from '#lib/format/count.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { stoppedRemovals, sumCounters } from '#lib/labels/common.ts';
import { runSearchParams } from '../search-params.ts';

const idOf = (change: SyncChange) => change.id;
const ACTION_OPTIONS = Object.entries(CHANGE_WORDS).map(([value, { symbol, text }]) => ({
  value,
  label: `${symbol} ${text}`,
}));

/** The changes of the run by store, as a diff; of a dry run, the changes a sync would make. */
export function RunChangeList({ run }: { run: SyncRun }) {
  const [params, setParams] = useQueryStates(runSearchParams);
  const changes = useInfiniteQuery(runChangesQuery(run.id, params.action ?? undefined));
  const list = useInfiniteRows(changes, idOf);
  return (
    <>
      <div role="toolbar" aria-label="Filter changes" className="flex items-center gap-2 border-b px-4 py-2">
        <h2 className="mr-2 text-sm font-semibold tracking-tight">
          {run.dryRun ? 'What would change' : 'What changed'}
        </h2>
        <FacetFilter
          label="Outcome"
          value={params.action}
          options={ACTION_OPTIONS}
          onValueChange={(value) =>
            void setParams({ action: value === null ? null : runSearchParams.action.parse(value) })
          }
        />
        <span role="status" className="text-muted-foreground ml-auto">
          {list.total === null ? '' : plural(list.total, 'entry', 'entries')}
        </span>
      </div>
      {changes.isPending ? (
        <LoadingRows label="Loading the changes" />
      ) : changes.isError && list.rows.length === 0 ? (
        <ErrorState
          title="The changes could not be loaded"
          error={changes.error}
          onRetry={() => void changes.refetch()}
        />
      ) : list.rows.length === 0 ? (
        params.action === null ? (
          <NothingChanged run={run} />
        ) : (
          <EmptyState
            icon={SearchXIcon}
            title="No entry with this outcome"
            actions={
              <Button variant="outline" size="sm" onClick={() => void setParams({ action: null })}>
                Show all
              </Button>
            }
          />
        )
      ) : (
        <ChangeList
          label="Changes of this run"
          noun="entry"
          nouns="entries"
          list={list}
          renderSubject={(change) => <Subject change={change} />}
        />
      )}
    </>
  );
}

/** A run without entries: no differences, only items that were missing before, or it stopped before it changed anything. */
function NothingChanged({ run }: { run: SyncRun }) {
  const stopped = stoppedRemovals(run);
  if (stopped !== null) {
    return (
      <EmptyState icon={ShieldAlertIcon} title={`${run.dryRun ? 'Would stop' : 'Stopped'}: ${stopped} would go`}>
        <p>{run.dryRun ? 'Nothing else differs.' : 'This run changed nothing. What would go is listed above.'}</p>
      </EmptyState>
    );
  }
  const isMissingStill = sumCounters(run.counters).missing > 0;
  if (run.status !== 'succeeded' || !isMissingStill) {
    return (
      <EmptyState icon={CircleCheckIcon} tone="brand" title={EMPTY_TITLES[run.status] ?? 'No differences'}>
        {run.status === 'succeeded' ? <p>The mirror was already in sync with OpenAI.</p> : null}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={HourglassIcon} title="No new changes">
      <p>
        Items that were missing before are still missing. They are kept until the grace period is over and a direct
        request confirms that they are gone.
      </p>
    </EmptyState>
  );
}

const EMPTY_TITLES: Readonly<Partial<Record<SyncRun['status'], string>>> = {
  running: 'No differences so far',
  failed: 'Nothing was changed',
  cancelled: 'Nothing was changed',
};

function Subject({ change }: { change: SyncChange }) {
  if (change.storeId === null) return <span className="font-medium">Files in no store</span>;
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <Link
        href={`/stores/${encodeURIComponent(change.storeId)}`}
        prefetch={false}
        className="relative z-10 min-w-0 truncate font-medium underline-offset-2 hover:underline"
      >
        <StoreName name={change.storeName} />
      </Link>
      <span className="text-muted-foreground shrink-0 font-mono text-xs" data-hint={change.storeId}>
        {shortId(change.storeId)}
      </span>
    </span>
  );
}
