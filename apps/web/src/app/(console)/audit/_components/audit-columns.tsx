'use client';

import type { AuditEvent } from '@espejo/contracts';
import { createColumnHelper } from '@tanstack/react-table';
import type { ListColumns, ListFeatures } from '#components/data-table/setup.ts';
import { Time } from '#components/time.tsx';
import { NONE } from '#lib/format/count.ts';
import { Outcome } from './outcome.tsx';

const helper = createColumnHelper<ListFeatures, AuditEvent>();

/** The columns of the audit. A row opens the details of its entry. */
export const auditColumns = (onOpen: (event: AuditEvent) => void): ListColumns<AuditEvent> => [
  helper.display({
    id: 'at',
    header: 'Time',
    meta: { label: 'Time', widthPx: 110, priority: 90 },
    cell: ({ row: { original: event } }) => <Time at={event.at} />,
  }),
  helper.display({
    id: 'actor',
    header: 'Principal',
    meta: { label: 'Principal', widthPx: 150, priority: 80 },
    cell: ({ row: { original: event } }) => event.actor,
  }),
  helper.display({
    id: 'action',
    header: 'Action',
    meta: { label: 'Action', widthPx: 190, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: event } }) => <OpenEntry event={event} onOpen={onOpen} />,
  }),
  helper.display({
    id: 'subject',
    header: 'Subject',
    meta: { label: 'Subject', widthPx: 290, isFlexible: true, priority: Number.POSITIVE_INFINITY },
    cell: ({ row: { original: event } }) => <span className="font-mono text-xs">{event.subject}</span>,
  }),
  helper.display({
    id: 'outcome',
    header: 'Outcome',
    meta: { label: 'Outcome', widthPx: 100, priority: 70 },
    cell: ({ row: { original: event } }) => <Outcome outcome={event.outcome} />,
  }),
  helper.display({
    id: 'detail',
    header: 'Detail',
    meta: { label: 'Detail', widthPx: 320, priority: 50 },
    cell: ({ row: { original: event } }) =>
      event.detail === null ? (
        <span className="text-muted-foreground">{NONE}</span>
      ) : (
        <span className="font-mono text-xs" data-hint={JSON.stringify(event.detail)}>
          {JSON.stringify(event.detail)}
        </span>
      ),
  }),
];

/** An entry on a narrow screen. */
export function AuditCard({ event, onOpen }: EntryProps) {
  return (
    <article className="active:bg-accent/60 relative flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <OpenEntry event={event} onOpen={onOpen} />
        <span className="text-muted-foreground ml-auto shrink-0 text-xs">
          <Time at={event.at} />
        </span>
      </div>
      <p className="truncate font-mono text-xs">{event.subject}</p>
      <p className="text-muted-foreground truncate text-xs">
        {event.actor} · <Outcome outcome={event.outcome} />
      </p>
    </article>
  );
}

interface EntryProps {
  readonly event: AuditEvent;
  readonly onOpen: (event: AuditEvent) => void;
}

function OpenEntry({ event, onOpen }: EntryProps) {
  return (
    <button
      type="button"
      data-row-link=""
      onClick={() => onOpen(event)}
      className="max-w-full min-w-0 truncate text-left font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
    >
      {event.action}
    </button>
  );
}
