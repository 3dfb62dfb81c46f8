'use client';

import type { Transfer, TransferItem } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { FacetFilter } from '@espejo/ui/blocks/facet-filter';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ListXIcon } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useEffect } from 'react';
import { DataTable } from '#components/data-table/data-table.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { LoadingRows } from '#components/states/loading-rows.tsx';
import { transferItemsQuery } from '#lib/api/transfers.ts';
import { useInfiniteRows } from '#lib/hooks/use-infinite-rows.ts';
import { transferSearchParams } from '../search-params.ts';
import { ItemCard, itemColumns } from './item-columns.tsx';

const idOf = (item: TransferItem) => item.id;
const CARD_HEIGHT_PX = 72;
const POLL_MS = 2_000;

/** The files of a transfer, each with its state and the reason. */
export function TransferItems({ transfer }: { transfer: Transfer }) {
  const [params, setParams] = useQueryStates(transferSearchParams);
  const isRunning = transfer.status === 'running';
  const items = useInfiniteQuery({
    ...transferItemsQuery(transfer.id, params.state ?? undefined),
    refetchInterval: isRunning ? POLL_MS : false,
  });
  const { refetch } = items;
  // The last poll may be older than the end, so the files are loaded once more when the transfer ends.
  useEffect(() => {
    if (!isRunning) void refetch();
  }, [isRunning, refetch]);
  const list = useInfiniteRows(items, idOf);
  return (
    <>
      <div role="toolbar" aria-label="Filter files" className="flex items-center gap-2 px-4 pb-3">
        <h2 className="mr-2 text-sm font-semibold tracking-tight">Files</h2>
        <FacetFilter
          label="State"
          value={params.state}
          options={[
            { value: 'failed', label: 'Failed', count: transfer.counts.failed },
            { value: 'skipped', label: 'Skipped', count: transfer.counts.skipped },
          ]}
          onValueChange={(value) =>
            void setParams({ state: value === null ? null : transferSearchParams.state.parse(value) })
          }
        />
      </div>
      {items.isPending ? (
        <LoadingRows label="Loading the files" />
      ) : items.isError && list.rows.length === 0 ? (
        <ErrorState title="The files could not be loaded" error={items.error} onRetry={() => void items.refetch()} />
      ) : list.rows.length === 0 ? (
        <EmptyState
          icon={ListXIcon}
          title={transfer.phase === 'listing' ? 'The files are being listed' : 'No file in this state'}
        />
      ) : (
        <DataTable
          label="Files of this transfer"
          noun="file"
          nouns="files"
          list={list}
          columns={itemColumns}
          rowId={idOf}
          renderCard={(item) => <ItemCard item={item} />}
          cardHeightPx={CARD_HEIGHT_PX}
          viewKey={params.state ?? 'all'}
        />
      )}
    </>
  );
}
