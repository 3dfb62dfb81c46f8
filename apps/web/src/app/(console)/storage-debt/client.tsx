'use client';

import type { DebtCategory, StorageDebt } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { useQuery } from '@tanstack/react-query';
import { SparklesIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { DeletionDialog } from '#components/deletion/deletion-dialog.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { Time } from '#components/time.tsx';
import { storageDebtQuery } from '#lib/api/storage-debt.ts';
import { useConnectionNames } from '#lib/hooks/use-connection-names.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { CleanUpEnd } from './_components/clean-up-progress.tsx';
import { DebtCard } from './_components/debt-card.tsx';
import { DebtCharts } from './_components/debt-charts.tsx';
import { RatesForm } from './_components/rates-form.tsx';
import { debtSearchParams } from './search-params.ts';
import { useCleanUps } from './use-clean-ups.ts';

/** Storage that costs money or hides errors in the connected projects, each kind with a clean-up. */
export function StorageDebtClient() {
  useValidParams(debtSearchParams);
  const [{ connection }, setParams] = useQueryStates(debtSearchParams);
  const debt = useQuery(storageDebtQuery(connection));
  const { byId, areSeveral } = useConnectionNames();
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-4 px-4 py-4">
      <PageHeader
        title="Storage debt"
        description={
          <>
            <span>Storage that costs money or hides errors, with a safe clean-up for each kind</span>
            {debt.data?.asOf == null ? null : (
              <span>
                · as of <Time at={debt.data.asOf} />
              </span>
            )}
          </>
        }
        actions={
          <>
            {(areSeveral && byId.size > 0) || connection !== null ? (
              <FacetFilter
                label="Connection"
                value={connection}
                options={[...byId.values()].map(({ id, name }) => ({ value: id, label: name }))}
                onValueChange={(next) => void setParams({ connection: next })}
              />
            ) : null}
            {debt.data === undefined ? null : <RatesForm rates={debt.data.rates} />}
          </>
        }
      />
      {debt.isPending ? (
        <LoadingRows label="Loading the storage debt" />
      ) : debt.data === undefined ? (
        <ErrorState
          title="The storage debt could not be loaded"
          error={debt.error}
          onRetry={() => void debt.refetch()}
        />
      ) : (
        <DebtView debt={debt.data} />
      )}
    </div>
  );
}

function DebtView({ debt }: { debt: StorageDebt }) {
  const [cleaning, setCleaning] = useState<DebtCategory | null>(null);
  const cleanUps = useCleanUps();
  const isWorking = (kind: DebtCategory['kind']) => cleanUps.running.some((one) => one.kind === kind);
  const found = debt.categories.filter((category) => category.count > 0 || isWorking(category.kind));
  const isComplete = debt.categories.every((category) => category.isComplete);
  return (
    <>
      {isComplete ? null : (
        <Banner tone="warning" title="Some listings are not complete yet.">
          A listing of stores or files did not complete, so nothing can be cleaned up until the next complete sync: a
          file may be attached to a store that was not listed.
        </Banner>
      )}
      {cleanUps.ended.map((deletion) => (
        <CleanUpEnd key={deletion.id} deletion={deletion} onDismiss={() => cleanUps.dismiss(deletion.id)} />
      ))}
      <DebtCharts debt={debt} />
      {found.length === 0 ? (
        <EmptyState icon={SparklesIcon} tone="brand" title="No debt found">
          <p>No orphans, no expired or empty stores, no failed or stuck files, no ghosts, no duplicates.</p>
        </EmptyState>
      ) : (
        <ul aria-label="Kinds of debt" className="grid grid-cols-1 gap-3 lg:grid-cols-2">
          {found.map((category) => (
            <DebtCard
              key={category.kind}
              category={category}
              running={cleanUps.running.filter((one) => one.kind === category.kind)}
              onClean={() => setCleaning(category)}
              onEnd={cleanUps.end}
              onForget={cleanUps.forget}
            />
          ))}
        </ul>
      )}
      {cleaning?.cleanup ? (
        <DeletionDialog
          request={cleaning.cleanup}
          onClose={() => setCleaning(null)}
          onStarted={(deletionId) => cleanUps.begin({ kind: cleaning.kind, deletionId })}
        />
      ) : null}
    </>
  );
}
