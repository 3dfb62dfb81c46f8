'use client';

import type { TransferItem } from '@espejo/contracts';
import { createColumnHelper } from '@tanstack/react-table';
import { StatusText } from '#components/badges.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { Name } from '#components/name.tsx';
import { NONE } from '#lib/format/count.ts';
import { ITEM_STATE } from '#lib/labels/transfers.ts';

const helper = createColumnHelper<ListFeatures, TransferItem>();

/** The columns of a transfer's files. */
export const itemColumns: ListColumns<TransferItem> = [
  helper.display({
    id: 'filename',
    header: 'File',
    meta: { label: 'File', widthPx: 280, isFlexible: true, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: item } }) => <Name text={item.filename} className="font-medium" />,
  }),
  helper.display({
    id: 'state',
    header: 'State',
    meta: { label: 'State', widthPx: 110, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: item } }) => <StatusText label={ITEM_STATE[item.state]} />,
  }),
  helper.display({
    id: 'reason',
    header: 'Reason',
    meta: { label: 'Reason', widthPx: 320, priority: 80 },
    cell: ({ row: { original: item } }) =>
      item.reason === null ? (
        <span className="text-muted-foreground">{NONE}</span>
      ) : (
        <span data-hint={item.reason}>{item.reason}</span>
      ),
  }),
  helper.display({
    id: 'source',
    header: 'From',
    meta: { label: 'From', widthPx: 220, priority: 40 },
    cell: ({ row: { original: item } }) => <span className="font-mono text-xs">{item.sourceFileId}</span>,
  }),
  helper.display({
    id: 'target',
    header: 'To',
    meta: { label: 'To', widthPx: 220, priority: 50 },
    cell: ({ row: { original: item } }) =>
      item.targetFileId === null ? NONE : <span className="font-mono text-xs">{item.targetFileId}</span>,
  }),
];

/** A file on a narrow screen. */
export function ItemCard({ item }: { item: TransferItem }) {
  return (
    <article className="flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <Name text={item.filename} className="font-medium" />
        <span className="ml-auto shrink-0">
          <StatusText label={ITEM_STATE[item.state]} />
        </span>
      </div>
      <p className="text-muted-foreground truncate text-xs">{item.reason ?? item.targetFileId ?? item.sourceFileId}</p>
    </article>
  );
}
