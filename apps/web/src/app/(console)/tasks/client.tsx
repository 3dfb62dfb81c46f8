'use client';

import type { Deletion } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { Button } from '@espejo/ui/ui/button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ListChecksIcon, SearchXIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { DataTable } from '#components/data-table/data-table.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { deletionsQuery } from '#lib/api/deletions.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { DELETION_STATUS } from '#lib/labels/deletions.ts';
import { TaskCard } from './_components/task-card.tsx';
import { taskColumns } from './_components/task-columns.tsx';
import { tasksSearchParams } from './search-params.ts';

const idOf = (deletion: Deletion) => deletion.id;
const CARD_HEIGHT_PX = 84;

/** Every deletion, running or ended: its principal, progress and parked steps. */
export function TasksClient() {
  useValidParams(tasksSearchParams);
  const [params, setParams] = useQueryStates(tasksSearchParams);
  const view = { status: params.status ?? undefined };
  const deletions = useInfiniteQuery(deletionsQuery(view));
  const list = useInfiniteRows(deletions, idOf);
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <PageHeader
          title="Tasks"
          description="Deletions run in the background. They continue after you close the page or restart Espejo."
        />
        <div role="toolbar" aria-label="Filter tasks" className="flex flex-wrap gap-2">
          <FacetFilter
            label="Status"
            value={params.status}
            options={STATUS_OPTIONS}
            onValueChange={(value) =>
              void setParams({ status: value === null ? null : tasksSearchParams.status.parse(value) })
            }
          />
        </div>
      </div>
      {deletions.isPending ? (
        <LoadingRows label="Loading tasks" />
      ) : deletions.isError && list.rows.length === 0 ? (
        <ErrorState
          title="The tasks could not be loaded"
          error={deletions.error}
          onRetry={() => void deletions.refetch()}
        />
      ) : list.rows.length === 0 ? (
        params.status === null ? (
          <EmptyState icon={ListChecksIcon} title="No task yet">
            <p>When you delete a store or clean up storage debt, the deletion is listed here with every step.</p>
          </EmptyState>
        ) : (
          <EmptyState
            icon={SearchXIcon}
            title="No task matches"
            actions={
              <Button variant="outline" size="sm" onClick={() => void setParams({ status: null })}>
                Clear filters
              </Button>
            }
          />
        )
      ) : (
        <DataTable
          label="Tasks"
          noun="task"
          nouns="tasks"
          list={list}
          columns={taskColumns}
          rowId={idOf}
          renderCard={(deletion) => <TaskCard deletion={deletion} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey={JSON.stringify(view)}
        />
      )}
    </div>
  );
}

const STATUS_OPTIONS = Object.entries(DELETION_STATUS).map(([value, { text }]) => ({ value, label: text }));
