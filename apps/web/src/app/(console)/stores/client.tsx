'use client';

import type { VectorStore } from '@espejo/contracts';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { AsOf } from '#components/as-of.tsx';
import { DataTable } from '#components/data-table/data-table.tsx';
import { SelectionProvider, useSelectionState } from '#components/data-table/selection.tsx';
import { useColumnChoice } from '#components/data-table/use-columns.ts';
import { LimitNote } from '#components/limit-note.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { FreshnessBanners } from '#components/states/freshness-banners.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { connectionsQuery } from '#lib/api/connections.ts';
import { type StoreFilter, vectorStoreFacetsQuery, vectorStoresQuery } from '#lib/api/vector-stores.ts';
import { plural } from '#lib/format/count.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { storeColumns } from './_components/columns.tsx';
import { NewStoreButton } from './_components/new-store-button.tsx';
import { SelectionBar } from './_components/selection-bar.tsx';
import { StoreCard } from './_components/store-card.tsx';
import { StoresEmpty } from './_components/stores-empty.tsx';
import { StoresToolbar } from './_components/stores-toolbar.tsx';
import { storesSearchParams } from './search-params.ts';

const idOf = (store: VectorStore) => store.id;
const CARD_HEIGHT_PX = 92;

export function StoresClient() {
  useValidParams(storesSearchParams);
  const queryClient = useQueryClient();
  const [params, setParams] = useQueryStates(storesSearchParams);
  const filter: StoreFilter = useMemo(
    () => ({
      source: params.source ?? undefined,
      status: params.status ?? undefined,
      connectionId: params.connection ?? undefined,
      q: params.q || undefined,
      expiring: params.expiring ?? undefined,
    }),
    [params.source, params.status, params.connection, params.q, params.expiring],
  );
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  const stores = useInfiniteQuery(vectorStoresQuery({ ...filter, sort: params.sort, order: params.order }));
  const facets = useQuery(vectorStoreFacetsQuery(filter));
  const connections = useQuery(connectionsQuery);
  const list = useInfiniteRows(stores, idOf);

  const columns = useMemo(storeColumns, []);
  const choice = useColumnChoice('stores', columns);
  const selection = useSelectionState();
  const clearFilters = () => void setParams({ q: null, source: null, status: null, connection: null, expiring: null });
  const refresh = () => void queryClient.resetQueries({ queryKey: ['vector-stores', 'list'] });

  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <PageHeader
          actions={
            <>
              <LimitNote name="storesMax" after="in Espejo" />
              <NewStoreButton />
            </>
          }
          title="Vector stores"
          description={
            list.total === null ? (
              stores.isPending ? (
                'Loading…'
              ) : (
                'Not loaded'
              )
            ) : (
              <>
                <span role="status">
                  {plural(list.total, 'store')}
                  {isFiltered ? (list.total === 1 ? ' matches' : ' match') : ''}
                </span>
                {list.asOf === null ? null : <AsOf at={list.asOf} onRefresh={refresh} />}
              </>
            )
          }
        />
        <FreshnessBanners connectionId={params.connection} />
        <StoresToolbar
          params={params}
          setParams={setParams}
          facets={facets.data}
          connections={connections.data}
          columns={columns}
          choice={choice}
        />
        <SelectionBar selection={selection} filter={filter} total={list.total ?? 0} />
      </div>
      {stores.isPending ? (
        <LoadingRows label="Loading vector stores" />
      ) : stores.isError && list.rows.length === 0 ? (
        <ErrorState
          title="The vector stores could not be loaded"
          error={stores.error}
          onRetry={() => void stores.refetch()}
        />
      ) : list.rows.length === 0 ? (
        <StoresEmpty
          isFiltered={isFiltered}
          hasNeverSynced={list.asOf === null}
          connections={connections.data}
          onClear={clearFilters}
        />
      ) : (
        <SelectionProvider selection={selection} nouns="stores" rows={list.rows} rowId={idOf}>
          <DataTable
            label="Vector stores"
            noun="store"
            nouns="stores"
            list={list}
            columns={columns}
            rowId={idOf}
            choice={choice}
            sort={{ key: params.sort, order: params.order }}
            onSortChange={(key, order) =>
              void setParams({ sort: storesSearchParams.sort.parse(key) ?? 'createdAt', order })
            }
            renderCard={(store) => <StoreCard store={store} />}
            cardHeightPx={CARD_HEIGHT_PX}
            viewKey={JSON.stringify([filter, params.sort, params.order])}
          />
        </SelectionProvider>
      )}
    </div>
  );
}
