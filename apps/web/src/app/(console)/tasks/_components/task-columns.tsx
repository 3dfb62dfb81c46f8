'use client';

import type { Deletion } from '@espejo/contracts';
import { createColumnHelper } from '@tanstack/react-table';
import Link from 'next/link';
import { StatusText } from '#components/badges.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { Name } from '#components/name.tsx';
import { Time } from '#components/time.tsx';
import { formatCount, NONE } from '#lib/format/count.ts';
import { DELETION_STATUS, DELETION_TRIGGERS, perMonth } from '#lib/labels/deletions.ts';

const helper = createColumnHelper<ListFeatures, Deletion>();

/** The columns of the tasks list. */
export const taskColumns: ListColumns<Deletion> = [
  helper.display({
    id: 'title',
    header: 'Task',
    meta: { label: 'Task', widthPx: 280, isFlexible: true, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: deletion } }) => (
      <Link
        href={`/tasks/${encodeURIComponent(deletion.id)}`}
        prefetch={false}
        data-row-link=""
        className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
      >
        <Name text={deletion.title} />
      </Link>
    ),
  }),
  helper.display({
    id: 'status',
    header: 'Status',
    meta: { label: 'Status', widthPx: 148, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: deletion } }) => (
      <StatusText
        label={DELETION_STATUS[deletion.status]}
        {...(deletion.message === null ? {} : { hint: deletion.message })}
      />
    ),
  }),
  helper.display({
    id: 'steps',
    header: 'Steps',
    meta: { label: 'Steps', widthPx: 132, align: 'end', priority: 90 },
    cell: ({ row: { original: deletion } }) =>
      `${formatCount(deletion.steps.done)} / ${formatCount(deletion.steps.total)}`,
  }),
  helper.display({
    id: 'parked',
    header: 'Parked',
    meta: { label: 'Parked', widthPx: 84, align: 'end', priority: 80 },
    cell: ({ row: { original: deletion } }) =>
      deletion.steps.parked === 0 ? (
        '0'
      ) : (
        <span className="text-warning font-medium">{formatCount(deletion.steps.parked)}</span>
      ),
  }),
  helper.display({
    id: 'savings',
    header: 'Saves',
    meta: { label: 'Saves', widthPx: 140, align: 'end', priority: 50 },
    // The plan's figure: what a cancelled deletion saves is not known.
    cell: ({ row: { original: deletion } }) =>
      deletion.status === 'cancelled' ? NONE : perMonth(deletion.savings.perMonth),
  }),
  helper.display({
    id: 'trigger',
    header: 'Trigger',
    meta: { label: 'Trigger', widthPx: 140, priority: 40 },
    cell: ({ row: { original: deletion } }) => DELETION_TRIGGERS[deletion.trigger],
  }),
  helper.display({
    id: 'createdAt',
    header: 'Started',
    meta: { label: 'Started', widthPx: 120, align: 'end', priority: 70 },
    cell: ({ row: { original: deletion } }) => <Time at={deletion.createdAt} />,
  }),
];
