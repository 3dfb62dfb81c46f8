'use client';

import type { ParityRun } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { useQuery } from '@tanstack/react-query';
import { ScaleIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { parityRunsQuery } from '#lib/api/transfers.ts';
import { vectorStoreQuery } from '#lib/api/vector-stores.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { ParityForm } from './_components/parity-form.tsx';
import { ParityHistory } from './_components/parity-history.tsx';
import { ParityRunView } from './_components/parity-run-view.tsx';
import { StorePair } from './_components/store-pair.tsx';
import { paritySearchParams } from './search-params.ts';

/** Compares the results of two stores for the same queries, and shows how the agreement changes over time. */
export function ParityClient() {
  useValidParams(paritySearchParams);
  const [params, setParams] = useQueryStates(paritySearchParams);
  const { left, right } = params;
  const isPair = left !== null && right !== null && left !== right;
  const runs = useQuery({ ...parityRunsQuery(left ?? '', right ?? ''), enabled: isPair });
  const names = {
    left: useQuery({ ...vectorStoreQuery(left ?? ''), enabled: left !== null }).data?.name ?? left ?? '',
    right: useQuery({ ...vectorStoreQuery(right ?? ''), enabled: right !== null }).data?.name ?? right ?? '',
  };
  const all: readonly ParityRun[] = runs.data?.data ?? [];
  const shown = all.find((run) => run.id === params.run) ?? all[0];

  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-4 px-4 py-4">
      <PageHeader
        title="Parity"
        description="Sends the same queries to two stores and measures how much their results agree over time."
      />
      <StorePair left={left} right={right} onChange={(pair) => void setParams({ ...pair, run: null })} />
      {!isPair ? (
        <EmptyState icon={ScaleIcon} title="Choose two stores">
          <p>For example a mirror and the primary store adopted from it, before you switch an application over.</p>
        </EmptyState>
      ) : runs.isPending ? (
        <LoadingRows label="Loading the comparisons" />
      ) : runs.isError ? (
        <ErrorState
          title="The comparisons could not be loaded"
          error={runs.error}
          onRetry={() => void runs.refetch()}
        />
      ) : (
        <>
          <ParityForm
            // Another pair starts with other queries.
            key={`${left} ${right}`}
            left={left}
            right={right}
            last={all[0]}
            onDone={(run) => void setParams({ run: run.id })}
          />
          {shown === undefined ? null : (
            <>
              <ParityHistory runs={all} shownId={shown.id} onShow={(run) => void setParams({ run })} />
              <ParityRunView run={shown} names={names} />
            </>
          )}
        </>
      )}
    </div>
  );
}
