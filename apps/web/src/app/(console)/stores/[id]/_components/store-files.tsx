'use client';

import { LIMITS, type StoreFile, type VectorStoreDetail } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { SearchInput } from '@espejo/ui/blocks/search-input';
import { Button } from '@espejo/ui/ui/button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { FilesIcon, SearchXIcon } from 'lucide-react';
import type { UseQueryStatesReturn } from 'nuqs';
import { useMemo, useState } from 'react';
import { DataTable } from '#components/data-table/data-table.tsx';
import { FacetRow } from '#components/facet-row.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { storeFilesQuery } from '#lib/api/vector-stores.ts';
import { plural } from '#lib/format/count.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { fileStatusLabel } from '#lib/labels/common.ts';
import type { storeSearchParams } from '../search-params.ts';
import { IngestionBar } from './ingestion-bar.tsx';
import { StoreFileCard } from './store-file-card.tsx';
import { storeFileColumns } from './store-file-columns.tsx';
import { StoreFileSheet } from './store-file-sheet.tsx';
import { UploadPanel } from './upload-panel.tsx';

type Params = UseQueryStatesReturn<typeof storeSearchParams>;
const idOf = (file: StoreFile) => file.id;
const STATUSES = ['completed', 'in_progress', 'failed', 'cancelled'] as const;
const CARD_HEIGHT_PX = 72;
/** How often the list is polled while files are ingested. */
const WORKING_REFETCH_MS = 1_000;

interface StoreFilesProps {
  readonly store: VectorStoreDetail;
  readonly params: Params[0];
  readonly setParams: Params[1];
}

/** The files attached to the store. */
export function StoreFiles({ store, params, setParams }: StoreFilesProps) {
  const view = useMemo(
    () => ({ q: params.q || undefined, status: params.status ?? undefined }),
    [params.q, params.status],
  );
  const isFiltered = view.q !== undefined || view.status !== undefined;
  const isPrimary = store.source === 'primary';
  const isStoreWorking = store.fileCounts.in_progress > 0;
  const files = useInfiniteQuery({
    ...storeFilesQuery(store.id, view),
    // The list and the store are loaded separately: either may be the one that still shows files in progress.
    refetchInterval: ({ state }) => {
      const isListWorking = state.data?.pages.some((page) => page.data.some((file) => file.status === 'in_progress'));
      return isPrimary && (isStoreWorking || isListWorking === true) ? WORKING_REFETCH_MS : false;
    },
  });
  const list = useInfiniteRows(files, idOf);
  const [opened, setOpened] = useState<StoreFile | null>(null);
  const columns = useMemo(() => storeFileColumns(setOpened), []);
  const isComplete = files.data?.pages[0]?.isComplete ?? true;

  return (
    <>
      <div className="flex flex-col gap-3 px-4 py-3">
        {isComplete ? null : (
          <Banner tone="warning" title="This list may be incomplete.">
            The last listing of this store’s files did not complete. Nothing was removed; the next sync lists them
            again.
          </Banner>
        )}
        {isPrimary ? (
          <>
            <UploadPanel storeId={store.id} fileCount={store.fileCounts.total} />
            <IngestionBar
              store={store}
              nameOf={(fileId) => list.rows.find((file) => file.id === fileId)?.filename ?? fileId}
            />
          </>
        ) : null}
        <div role="toolbar" aria-label="Filter files" className="flex flex-wrap items-center gap-2">
          <SearchInput
            value={params.q}
            onValueChange={(q) => void setParams({ q })}
            label="Search files of this store"
            placeholder="File name or id"
            maxLength={LIMITS.searchTextMax}
            className="w-full md:w-64"
          />
          <FacetRow>
            <FacetFilter
              label="Status"
              value={params.status}
              options={STATUSES.map((status) => ({
                value: status,
                label: fileStatusLabel(status).text,
                count: store.fileCounts[status],
              }))}
              onValueChange={(status) => void setParams({ status })}
            />
            <span role="status" className="text-muted-foreground ml-auto whitespace-nowrap">
              {list.total === null ? '' : `${plural(list.total, 'file')}${isFiltered ? ' found' : ''}`}
            </span>
          </FacetRow>
        </div>
      </div>
      {files.isPending ? (
        <LoadingRows label="Loading the files of this store" />
      ) : files.isError && list.rows.length === 0 ? (
        <ErrorState title="The files could not be loaded" error={files.error} onRetry={() => void files.refetch()} />
      ) : list.rows.length === 0 ? (
        isFiltered ? (
          <EmptyState
            icon={SearchXIcon}
            title="No file matches"
            actions={
              <Button variant="outline" size="sm" onClick={() => void setParams({ q: null, status: null })}>
                Clear filters
              </Button>
            }
          />
        ) : (
          <EmptyState icon={FilesIcon} title="No files in this store">
            <p>
              {store.source === 'cache'
                ? 'Attach files in its OpenAI project; they appear here after the next sync.'
                : 'Drop files above: they are parsed, chunked and indexed on this machine.'}
            </p>
          </EmptyState>
        )
      ) : (
        <DataTable
          label="Files of this store"
          noun="file"
          nouns="files"
          list={list}
          columns={columns}
          rowId={idOf}
          renderCard={(file) => <StoreFileCard file={file} onOpen={setOpened} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey={JSON.stringify(view)}
        />
      )}
      <StoreFileSheet file={opened} isPrimary={isPrimary} onClose={() => setOpened(null)} />
    </>
  );
}
