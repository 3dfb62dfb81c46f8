'use client';

import type { Deletion } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { useQuery } from '@tanstack/react-query';
import { ListChecksIcon } from 'lucide-react';
import Link from 'next/link';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { asApiError } from '#lib/api/client.ts';
import { deletionQuery, isOpen } from '#lib/api/deletions.ts';
import { useDeletionEvents } from '#lib/hooks/use-deletion-events.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { StepList } from './_components/step-list.tsx';
import { StoppedBanner } from './_components/stopped-banner.tsx';
import { TaskHeader } from './_components/task-header.tsx';
import { TaskProgress } from './_components/task-progress.tsx';
import { taskSearchParams } from './search-params.ts';

/** One deletion: its progress while it runs, and its ledger. */
export function TaskClient({ id }: { id: string }) {
  useValidParams(taskSearchParams);
  const deletion = useQuery(deletionQuery(id));
  useDeletionEvents(id, isOpen(deletion.data?.status));
  if (deletion.isPending) return <LoadingRows label="Loading the task" />;
  if (deletion.data === undefined) {
    if (asApiError(deletion.error).status === 404) return <TaskNotFound id={id} />;
    return (
      <ErrorState
        isPageTitle
        title="The task could not be loaded"
        error={deletion.error}
        onRetry={() => void deletion.refetch()}
      />
    );
  }
  return <TaskView deletion={deletion.data} />;
}

function TaskView({ deletion }: { deletion: Deletion }) {
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <TaskHeader deletion={deletion} />
        {isOpen(deletion.status) ? <TaskProgress deletion={deletion} /> : null}
        {deletion.status === 'cancelled' ? <StoppedBanner deletion={deletion} /> : null}
        {deletion.status === 'parked' ? (
          <Banner tone="warning" title="Some steps failed.">
            {deletion.message} What depends on them waits, so that nothing is left half; everything else is done.
          </Banner>
        ) : null}
      </div>
      <StepList deletion={deletion} />
    </div>
  );
}

function TaskNotFound({ id }: { id: string }) {
  return (
    <EmptyState
      icon={ListChecksIcon}
      title="No such task"
      isPageTitle
      actions={
        <Button asChild variant="outline" size="sm">
          <Link href="/tasks">All tasks</Link>
        </Button>
      }
    >
      <p>
        No task has the id <code className="font-mono text-xs break-all">{id}</code>. A finished task is deleted after
        its retention time.
      </p>
    </EmptyState>
  );
}
