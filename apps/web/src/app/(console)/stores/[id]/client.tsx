'use client';

import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { Button } from '@espejo/ui/ui/button';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@espejo/ui/ui/tabs';
import { useQuery } from '@tanstack/react-query';
import { DatabaseIcon, Trash2Icon } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useEffect } from 'react';
import { ErrorState } from '#components/states/error-state.tsx';
import { FreshnessBanners } from '#components/states/freshness-banners.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { ActLock } from '#lib/access/act-lock.tsx';
import { asApiError } from '#lib/api/client.ts';
import { vectorStoreQuery } from '#lib/api/vector-stores.ts';
import { formatCount } from '#lib/format/count.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { DeletionBanner } from './_components/deletion-banner.tsx';
import { SearchPlayground } from './_components/search/search-playground.tsx';
import { StoreDetails } from './_components/store-details.tsx';
import { StoreFiles } from './_components/store-files.tsx';
import { StoreHeader } from './_components/store-header.tsx';
import { StoreHistory } from './_components/store-history.tsx';
import { TrashBanner } from './_components/trash-banner.tsx';
import { isTrashed, TRASH_REASON } from './_components/trash-reason.ts';
import { storeSearchParams } from './search-params.ts';

export function StoreClient({ id }: { id: string }) {
  useValidParams(storeSearchParams);
  const [params, setParams] = useQueryStates(storeSearchParams);
  const store = useQuery(vectorStoreQuery(id));
  const name = store.data?.name;

  useEffect(() => {
    if (name) document.title = `${name} · Espejo`;
  }, [name]);

  if (store.isPending) return <LoadingRows label="Loading the vector store" />;
  if (store.data === undefined) {
    if (asApiError(store.error).status === 404) return <StoreNotFound id={id} />;
    return (
      <ErrorState
        isPageTitle
        title="The vector store could not be loaded"
        error={store.error}
        onRetry={() => void store.refetch()}
      />
    );
  }

  const lock = isTrashed(store.data) ? TRASH_REASON : null;
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <ActLock reason={lock}>
          <StoreHeader store={store.data} />
        </ActLock>
        {lock === null ? null : <TrashBanner store={store.data} />}
        {store.data.unfinishedDeletion === null ? null : <DeletionBanner deletion={store.data.unfinishedDeletion} />}
        {store.data.connectionId === null ? null : <FreshnessBanners connectionId={store.data.connectionId} />}
      </div>
      <Tabs
        value={params.tab}
        onValueChange={(tab) => void setParams({ tab: storeSearchParams.tab.parse(tab), q: null, status: null })}
        className="min-h-0 flex-1 gap-0"
      >
        <div className="border-b px-4 pb-3">
          <TabsList>
            <TabsTrigger value="files" className="text-ui px-3">
              Files
              <span className="text-muted-foreground tabular-nums">{formatCount(store.data.listedFileCount)}</span>
            </TabsTrigger>
            <TabsTrigger value="search" className="text-ui px-3">
              Search
            </TabsTrigger>
            <TabsTrigger value="history" className="text-ui px-3">
              History
            </TabsTrigger>
            <TabsTrigger value="details" className="text-ui px-3">
              Details
            </TabsTrigger>
          </TabsList>
        </div>
        <TabsContent value="files" className="flex min-h-0 flex-col">
          <ActLock reason={lock}>
            <StoreFiles store={store.data} params={params} setParams={setParams} />
          </ActLock>
        </TabsContent>
        <TabsContent value="search" className="min-h-0 overflow-auto">
          {lock === null ? <SearchPlayground store={store.data} /> : <NotServed />}
        </TabsContent>
        <TabsContent value="history" className="flex min-h-0 flex-col">
          <StoreHistory store={store.data} />
        </TabsContent>
        <TabsContent value="details" className="min-h-0 overflow-auto">
          <StoreDetails store={store.data} />
        </TabsContent>
      </Tabs>
    </div>
  );
}

function NotServed() {
  return (
    <EmptyState icon={Trash2Icon} title="A store in the trash cannot be searched">
      <p>Restore it to search it again.</p>
    </EmptyState>
  );
}

function StoreNotFound({ id }: { id: string }) {
  return (
    <EmptyState
      icon={DatabaseIcon}
      title="No such vector store"
      isPageTitle
      actions={
        <Button asChild variant="outline" size="sm">
          <Link href="/stores">All vector stores</Link>
        </Button>
      }
    >
      <p>
        No store has the id <code className="font-mono text-xs break-all">{id}</code>. It may have been removed after it
        was confirmed as deleted upstream; the sync runs show when.
      </p>
    </EmptyState>
  );
}
