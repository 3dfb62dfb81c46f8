'use client';

import type { Transfer } from '@espejo/contracts';
import { createColumnHelper } from '@tanstack/react-table';
import Link from 'next/link';
import { StatusText } from '#components/badges.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { StoreName } from '#components/store-name.tsx';
import { Time } from '#components/time.tsx';
import { formatCount } from '#lib/format/count.ts';
import { TRANSFER_KIND, TRANSFER_STATUS } from '#lib/labels/transfers.ts';

const helper = createColumnHelper<ListFeatures, Transfer>();

/** The columns of the transfers list. */
export const transferColumns: ListColumns<Transfer> = [
  helper.display({
    id: 'source',
    header: 'Store',
    meta: { label: 'Store', widthPx: 260, isFlexible: true, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: transfer } }) => (
      <Link
        href={`/transfers/${encodeURIComponent(transfer.id)}`}
        prefetch={false}
        data-row-link=""
        className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
      >
        <StoreName name={transfer.source.name} />
      </Link>
    ),
  }),
  helper.display({
    id: 'kind',
    header: 'Kind',
    meta: { label: 'Kind', widthPx: 104, priority: 90 },
    cell: ({ row: { original: transfer } }) => TRANSFER_KIND[transfer.kind],
  }),
  helper.display({
    id: 'target',
    header: 'To',
    meta: { label: 'To', widthPx: 220, priority: 60 },
    cell: ({ row: { original: transfer } }) => <StoreName name={transfer.target.name} />,
  }),
  helper.display({
    id: 'status',
    header: 'Status',
    meta: { label: 'Status', widthPx: 148, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: transfer } }) => (
      <StatusText
        label={TRANSFER_STATUS[transfer.status]}
        {...(transfer.reason === null ? {} : { hint: transfer.reason })}
      />
    ),
  }),
  helper.display({
    id: 'written',
    header: 'Written',
    meta: { label: 'Written', widthPx: 120, align: 'end', priority: 80 },
    cell: ({ row: { original: transfer } }) =>
      `${formatCount(transfer.counts.written)} / ${formatCount(transfer.counts.expected)}`,
  }),
  helper.display({
    id: 'createdAt',
    header: 'Started',
    meta: { label: 'Started', widthPx: 120, align: 'end', priority: 70 },
    cell: ({ row: { original: transfer } }) => <Time at={transfer.createdAt} />,
  }),
];
