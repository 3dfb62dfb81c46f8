'use client';

import type { DeletionStep } from '@espejo/contracts';
import { createColumnHelper } from '@tanstack/react-table';
import { StatusText } from '#components/badges.tsx';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { Name } from '#components/name.tsx';
import { Time } from '#components/time.tsx';
import { formatCount, NONE } from '#lib/format/count.ts';
import { STEP_STATE, STEP_WORDS } from '#lib/labels/deletions.ts';

const helper = createColumnHelper<ListFeatures, DeletionStep>();

/** The columns of a deletion's ledger. */
export const stepColumns: ListColumns<DeletionStep> = [
  helper.display({
    id: 'kind',
    header: 'Step',
    meta: { label: 'Step', widthPx: 120, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: step } }) => STEP_WORDS[step.kind],
  }),
  helper.display({
    id: 'subject',
    header: 'Item',
    meta: { label: 'Item', widthPx: 320, isFlexible: true, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: step } }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        {step.name === null ? (
          <i className="font-medium">Unnamed</i>
        ) : (
          <Name text={step.name} className="font-medium" />
        )}
        <span className="text-muted-foreground shrink-0 font-mono text-xs">{step.fileId ?? step.storeId}</span>
      </span>
    ),
  }),
  helper.display({
    id: 'state',
    header: 'State',
    meta: { label: 'State', widthPx: 104, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: step } }) => <StatusText label={STEP_STATE[step.state]} />,
  }),
  helper.display({
    id: 'reason',
    header: 'Reason',
    meta: { label: 'Reason', widthPx: 300, priority: 80 },
    cell: ({ row: { original: step } }) =>
      step.reason === null ? (
        <span className="text-muted-foreground">{NONE}</span>
      ) : (
        <span data-hint={step.reason}>{step.reason}</span>
      ),
  }),
  helper.display({
    id: 'attempts',
    header: 'Attempts',
    meta: { label: 'Attempts', widthPx: 64, align: 'end', priority: 40 },
    cell: ({ row: { original: step } }) => formatCount(step.attempts),
  }),
  helper.display({
    id: 'finishedAt',
    header: 'Done',
    meta: { label: 'Done', widthPx: 120, align: 'end', priority: 60 },
    cell: ({ row: { original: step } }) => (step.finishedAt === null ? NONE : <Time at={step.finishedAt} />),
  }),
];
