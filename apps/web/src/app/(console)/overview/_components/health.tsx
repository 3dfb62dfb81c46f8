'use client';

import type { ConnectionOverview, RunSummary } from '@espejo/contracts';
import { cn } from '@espejo/ui/lib/utils';
import Link from 'next/link';
import { SandboxBadge, StatusText } from '#components/badges.tsx';
import { Name } from '#components/name.tsx';
import { Section } from '#components/section.tsx';
import { formatRelative, formatSpan } from '#lib/format/time.ts';
import { useNow } from '#lib/hooks/use-now.ts';
import { HEALTH_LABELS, type Label, runKind, runStatusLabel } from '#lib/labels/common.ts';
import { listLink } from '../list-links.ts';

/** How far each mirror is behind, and how its last sync runs ended. */
export function Health({ connections }: { connections: readonly ConnectionOverview[] }) {
  return (
    <Section title="Health" about="The time since the last complete sync of each connection, and its last sync runs.">
      {connections.length === 0 ? (
        <p className="bg-card rounded-lg border px-4 py-3">
          No project is connected.{' '}
          <Link href="/connections" className="text-brand underline underline-offset-2">
            Connections
          </Link>
        </p>
      ) : (
        <ul aria-label="Health of the connections" className="bg-card divide-y rounded-lg border">
          {connections.map((connection) => (
            <ConnectionHealth key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function ConnectionHealth({ connection }: { connection: ConnectionOverview }) {
  const runsHref = listLink('/sync', { connection: connection.id });
  return (
    <li className="grid items-center gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_9rem_auto]">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="min-w-0 font-medium">
          <Link href={runsHref} prefetch={false} className="hover:underline">
            <Name text={connection.name} />
          </Link>
        </h3>
        {connection.kind === 'sandbox' ? <SandboxBadge /> : null}
        <StatusText
          label={connection.isEnabled ? HEALTH_LABELS[connection.health.status] : { text: 'Off', tone: 'neutral' }}
        />
      </div>
      <p>
        <span className="text-muted-foreground block text-xs">Since complete sync</span>
        <Link href={listLink('/sync', { connection: connection.id, status: 'succeeded' })} prefetch={false}>
          {connection.lastCompleteSyncAt === null ? (
            <span className="font-medium hover:underline">Never synced</span>
          ) : (
            <Lag since={connection.lastCompleteSyncAt} />
          )}
        </Link>
      </p>
      <RunStrip connection={connection} />
    </li>
  );
}

/** Grows on screen between two requests. */
function Lag({ since }: { since: number }) {
  const now = useNow();
  return <span className="font-medium tabular-nums hover:underline">{formatSpan(now - since)}</span>;
}

/** The last runs as bars, the newest on the right. Each is a link whose text says how the run ended. */
function RunStrip({ connection: { name, runs } }: { connection: ConnectionOverview }) {
  if (runs.length === 0) return <p className="text-muted-foreground sm:w-70">No run yet</p>;
  return (
    <div className="flex flex-col gap-1 sm:w-70">
      <ol aria-label={`Last sync runs of ${name}, oldest first`} className="flex h-6 items-end gap-0.5">
        {runs.toReversed().map((run) => (
          <li key={run.id} className="flex h-full items-end">
            <RunBar run={run} />
          </li>
        ))}
      </ol>
      <p className="text-muted-foreground text-xs">{countRuns(runs)}</p>
    </div>
  );
}

function RunBar({ run }: { run: RunSummary }) {
  const now = useNow();
  const label = runStatusLabel(run);
  const text = `${runKind(run)}: ${label.text}, ${formatRelative(run.startedAt, now)}`;
  return (
    <Link
      href={`/sync/${encodeURIComponent(run.id)}`}
      prefetch={false}
      data-hint={text}
      className="focus-visible:ring-ring/60 flex h-full w-3 items-end rounded-xs outline-none hover:opacity-70 focus-visible:ring-2"
    >
      <span aria-hidden="true" className={cn('w-full rounded-xs', BARS[label.tone], run.dryRun && 'opacity-50')} />
      <span className="sr-only">{text}</span>
    </Link>
  );
}

/** A run that did not succeed is higher, so that it stands out without its colour too. */
const BARS: Readonly<Record<Label['tone'], string>> = {
  success: 'h-3 bg-success',
  info: 'h-3 bg-info',
  brand: 'h-3 bg-brand',
  neutral: 'h-2 bg-muted-foreground',
  outline: 'h-2 bg-muted-foreground',
  warning: 'h-5 bg-warning',
  danger: 'h-6 bg-danger',
};

/** "Last 5: 4 succeeded, 1 failed". */
function countRuns(runs: readonly RunSummary[]): string {
  const counts = new Map<string, number>();
  for (const run of runs) {
    const { text } = runStatusLabel(run);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const parts = [...counts].map(([text, count]) => `${count} ${text.toLowerCase()}`);
  return `Last ${runs.length}: ${parts.join(', ')}`;
}
