'use client';

import type { SyncRun } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { useQuery } from '@tanstack/react-query';
import { HistoryIcon } from 'lucide-react';
import Link from 'next/link';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { LiveRun } from '#components/sync/live-run.tsx';
import { asApiError } from '#lib/api/client.ts';
import { syncRunQuery } from '#lib/api/sync-runs.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { PlanSummary } from './_components/plan-summary.tsx';
import { ReviewPanel } from './_components/review-panel.tsx';
import { RunChangeList } from './_components/run-change-list.tsx';
import { RunCounters } from './_components/run-counters.tsx';
import { RunHeader } from './_components/run-header.tsx';
import { runSearchParams } from './search-params.ts';

export function RunClient({ id }: { id: string }) {
  useValidParams(runSearchParams);
  const run = useQuery(syncRunQuery(id));
  if (run.isPending) return <LoadingRows label="Loading the run" />;
  if (run.data === undefined) {
    if (asApiError(run.error).status === 404) return <RunNotFound id={id} />;
    return (
      <ErrorState
        isPageTitle
        title="The run could not be loaded"
        error={run.error}
        onRetry={() => void run.refetch()}
      />
    );
  }
  return <RunView run={run.data} />;
}

function RunView({ run }: { run: SyncRun }) {
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3 md:max-h-[60%] md:overflow-y-auto">
        <RunHeader run={run} />
        {run.status === 'running' ? <LiveRun runId={run.id} /> : null}
        {run.error === null || run.status === 'needs_review' ? null : (
          <Banner tone={run.status === 'failed' ? 'danger' : 'warning'} title={ERROR_TITLES[run.status] ?? 'Error.'}>
            {run.error.message} <code className="font-mono text-xs">{run.error.code}</code>
          </Banner>
        )}
        {run.status === 'needs_review' && run.plan !== null ? <ReviewPanel run={run} plan={run.plan} /> : null}
        {run.status !== 'needs_review' && run.plan !== null ? <PlanSummary run={run} plan={run.plan} /> : null}
        <RunCounters run={run} />
      </div>
      <RunChangeList run={run} />
    </div>
  );
}

const ERROR_TITLES: Readonly<Partial<Record<SyncRun['status'], string>>> = {
  failed: 'The run failed; nothing was removed.',
  partial: 'Some listings failed. Items missing from them were not removed.',
  cancelled: 'Cancelled before it ended.',
};

function RunNotFound({ id }: { id: string }) {
  return (
    <EmptyState
      icon={HistoryIcon}
      title="No such run"
      isPageTitle
      actions={
        <Button asChild variant="outline" size="sm">
          <Link href="/sync">All runs</Link>
        </Button>
      }
    >
      <p>
        Nothing here has the id <code className="font-mono text-xs break-all">{id}</code>.
      </p>
    </EmptyState>
  );
}
