'use client';

import type { Deletion, DeletionStep } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ListXIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { DataTable } from '#components/data-table/data-table.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { deletionStepsQuery } from '#lib/api/deletions.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { STEP_STATE } from '#lib/labels/deletions.ts';
import { taskSearchParams } from '../search-params.ts';
import { StepCard } from './step-card.tsx';
import { stepColumns } from './step-columns.tsx';

const idOf = (step: DeletionStep) => step.id;
const CARD_HEIGHT_PX = 84;

/** The ledger: every step, its state, and why it waits. */
export function StepList({ deletion }: { deletion: Deletion }) {
  const [params, setParams] = useQueryStates(taskSearchParams);
  const steps = useInfiniteQuery(deletionStepsQuery(deletion.id, params.state ?? undefined));
  const list = useInfiniteRows(steps, idOf);
  return (
    <>
      <div role="toolbar" aria-label="Filter steps" className="flex items-center gap-2 px-4 pb-3">
        <h2 className="mr-2 text-sm font-semibold tracking-tight">Steps</h2>
        <FacetFilter
          label="State"
          value={params.state}
          options={(['pending', 'done', 'parked', 'cancelled'] as const).map((value) => ({
            value,
            label: STEP_STATE[value].text,
            count: deletion.steps[value],
          }))}
          onValueChange={(value) =>
            void setParams({ state: value === null ? null : taskSearchParams.state.parse(value) })
          }
        />
      </div>
      {steps.isPending ? (
        <LoadingRows label="Loading the steps" />
      ) : steps.isError && list.rows.length === 0 ? (
        <ErrorState title="The steps could not be loaded" error={steps.error} onRetry={() => void steps.refetch()} />
      ) : list.rows.length === 0 ? (
        <EmptyState icon={ListXIcon} title="No step in this state" />
      ) : (
        <DataTable
          label="Steps"
          noun="step"
          nouns="steps"
          list={list}
          columns={stepColumns}
          rowId={idOf}
          renderCard={(step) => <StepCard step={step} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey={params.state ?? 'all'}
        />
      )}
    </>
  );
}
