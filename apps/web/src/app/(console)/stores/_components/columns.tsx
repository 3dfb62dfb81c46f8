'use client';

import type { VectorStore } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { createColumnHelper } from '@tanstack/react-table';
import Link from 'next/link';
import { StoreStatus } from '#components/badges.tsx';
import { LoadedRowsCheckbox, RowCheckbox } from '#components/data-table/selection.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { DefaultBadge } from '#components/default-store.tsx';
import { ExpiryCell } from '#components/expiry.tsx';
import { FileCountsText } from '#components/file-counts.tsx';
import { Name } from '#components/name.tsx';
import { Size } from '#components/size.tsx';
import { StoreName, tailOfId } from '#components/store-name.tsx';
import { StoreOrigin } from '#components/store-origin.tsx';
import { Time } from '#components/time.tsx';
import { NONE } from '#lib/format/count.ts';

const helper = createColumnHelper<ListFeatures, VectorStore>();

/** The columns of the stores list. */
export function storeColumns(): ListColumns<VectorStore> {
  return [
    helper.display({
      id: 'select',
      header: () => <LoadedRowsCheckbox />,
      meta: { label: 'Select', widthPx: 40, priority: Number.POSITIVE_INFINITY },
      cell: ({ row: { original: store } }) => <RowCheckbox id={store.id} label={store.name ?? store.id} />,
    }),
    helper.display({
      id: 'name',
      header: 'Name',
      meta: {
        label: 'Name',
        widthPx: 236,
        isFlexible: true,
        sortKey: 'name',
        firstOrder: 'asc',
        priority: Number.POSITIVE_INFINITY,
      },
      cell: ({ row: { original: store } }) => (
        <div className="flex min-w-0 items-center gap-2">
          <Link
            href={`/stores/${encodeURIComponent(store.id)}`}
            prefetch={false}
            data-row-link=""
            className="min-w-0 shrink truncate font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
          >
            <StoreName name={store.name} />
          </Link>
          <DefaultBadge storeId={store.id} />
          <span className="text-muted-foreground flex shrink-0 items-center font-mono text-xs">
            <span data-hint={store.id} className="relative z-10">
              {tailOfId(store.id)}
            </span>
            <CopyButton
              value={store.id}
              label={`Copy id ${store.id}`}
              className="w-0 overflow-hidden opacity-0 group-hover/row:w-6 group-hover/row:opacity-100 focus-visible:w-6 focus-visible:opacity-100"
            />
          </span>
        </div>
      ),
    }),
    helper.display({
      id: 'source',
      header: 'Source',
      meta: { label: 'Source', widthPx: 204, priority: 90 },
      cell: ({ row: { original: store } }) => (
        <StoreOrigin source={store.source} connectionId={store.connectionId} isShort />
      ),
    }),
    helper.display({
      id: 'status',
      header: 'Status',
      meta: { label: 'Status', widthPx: 96, sortKey: 'status', firstOrder: 'asc', priority: 80 },
      cell: ({ row: { original: store } }) => <StoreStatus store={store} />,
    }),
    helper.display({
      id: 'files',
      header: 'Files',
      meta: { label: 'Files', widthPx: 152, align: 'end', sortKey: 'files', priority: 70 },
      cell: ({ row: { original: store } }) => <FileCountsText counts={store.fileCounts} storeId={store.id} />,
    }),
    helper.display({
      id: 'usageBytes',
      header: 'Size',
      meta: { label: 'Size', widthPx: 80, align: 'end', sortKey: 'usageBytes', priority: 60 },
      cell: ({ row: { original: store } }) => <Size bytes={store.usageBytes} />,
    }),
    helper.display({
      id: 'expiresAt',
      header: 'Expires',
      meta: { label: 'Expires', widthPx: 144, sortKey: 'expiresAt', firstOrder: 'asc', priority: 50 },
      cell: ({ row: { original: store } }) => <ExpiryCell store={store} />,
    }),
    helper.display({
      id: 'lastActiveAt',
      header: 'Last active',
      meta: { label: 'Last active', widthPx: 120, align: 'end', sortKey: 'lastActiveAt', priority: 40 },
      cell: ({ row: { original: store } }) => <OptionalTime at={store.lastActiveAt} />,
    }),
    helper.display({
      id: 'createdAt',
      header: 'Created',
      meta: { label: 'Created', widthPx: 124, align: 'end', sortKey: 'createdAt', priority: 30 },
      cell: ({ row: { original: store } }) => <Time at={store.createdAt} />,
    }),
    helper.display({
      id: 'lastSyncedAt',
      header: 'As of',
      meta: { label: 'As of', widthPx: 120, align: 'end', priority: 20 },
      cell: ({ row: { original: store } }) => <OptionalTime at={store.lastSyncedAt} />,
    }),
    helper.display({
      id: 'description',
      header: 'Description',
      meta: { label: 'Description', widthPx: 220, priority: 10, isHiddenAtFirst: true },
      cell: ({ row: { original: store } }) => <Name text={store.description ?? NONE} />,
    }),
  ];
}

function OptionalTime({ at }: { at: number | null }) {
  return at === null ? <span className="text-muted-foreground">{NONE}</span> : <Time at={at} />;
}
