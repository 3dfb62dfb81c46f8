'use client';

import type { SyncRun } from '@espejo/contracts';
import { createColumnHelper } from '@tanstack/react-table';
import Link from 'next/link';
import { StatusText } from '#components/badges.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { Name } from '#components/name.tsx';
import { RunChanges } from '#components/run-changes.tsx';
import { Time } from '#components/time.tsx';
import { formatCount, NONE } from '#lib/format/count.ts';
import { formatDuration } from '#lib/format/time.ts';
import { runKind, runStatusLabel, TRIGGER_WORDS } from '#lib/labels/common.ts';

const helper = createColumnHelper<ListFeatures, SyncRun>();

/** The columns of the run history. */
export const runColumns: ListColumns<SyncRun> = [
  helper.display({
    id: 'status',
    header: 'Status',
    meta: { label: 'Status', widthPx: 152, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: run } }) => (
      <StatusText label={runStatusLabel(run)} {...(run.error === null ? {} : { hint: run.error.message })} />
    ),
  }),
  helper.display({
    id: 'startedAt',
    header: 'Started',
    meta: { label: 'Started', widthPx: 124, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: run } }) => (
      <Link
        href={`/sync/${encodeURIComponent(run.id)}`}
        prefetch={false}
        data-row-link=""
        className="font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
      >
        <Time at={run.startedAt} />
      </Link>
    ),
  }),
  helper.display({
    id: 'kind',
    header: 'Kind',
    meta: { label: 'Kind', widthPx: 104, priority: 90 },
    cell: ({ row: { original: run } }) => runKind(run),
  }),
  helper.display({
    id: 'connection',
    header: 'Connection',
    meta: { label: 'Connection', widthPx: 180, priority: 60 },
    cell: ({ row: { original: run } }) => <Name text={run.connectionName} />,
  }),
  helper.display({
    id: 'changes',
    header: 'Changes',
    meta: { label: 'Changes', widthPx: 220, isFlexible: true, priority: 100 },
    cell: ({ row: { original: run } }) => <RunChanges run={run} />,
  }),
  helper.display({
    id: 'trigger',
    header: 'Trigger',
    meta: { label: 'Trigger', widthPx: 124, priority: 40 },
    cell: ({ row: { original: run } }) => TRIGGER_WORDS[run.trigger],
  }),
  helper.display({
    id: 'durationMs',
    header: 'Duration',
    meta: { label: 'Duration', widthPx: 104, align: 'end', priority: 70 },
    cell: ({ row: { original: run } }) => (run.durationMs === null ? NONE : formatDuration(run.durationMs)),
  }),
  helper.display({
    id: 'requests',
    header: 'Requests',
    meta: { label: 'Requests', widthPx: 96, align: 'end', priority: 50 },
    cell: ({ row: { original: run } }) => formatCount(run.requests),
  }),
];
