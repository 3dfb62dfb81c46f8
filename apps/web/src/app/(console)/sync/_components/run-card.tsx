'use client';

import type { SyncRun } from '@espejo/contracts';
import Link from 'next/link';
import { StatusText } from '#components/badges.tsx';
import { RunChanges } from '#components/run-changes.tsx';
import { Time } from '#components/time.tsx';
import { plural } from '#lib/format/count.ts';
import { formatDuration } from '#lib/format/time.ts';
import { runKind, runStatusLabel, TRIGGER_WORDS } from '#lib/labels/common.ts';

/** A run on a narrow screen. */
export function RunCard({ run }: { run: SyncRun }) {
  return (
    <article className="active:bg-accent/60 relative flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <Link
          href={`/sync/${encodeURIComponent(run.id)}`}
          prefetch={false}
          data-row-link=""
          className="min-w-0 truncate text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
        >
          {runKind(run)}, <Time at={run.startedAt} />
        </Link>
        <span className="ml-auto shrink-0">
          <StatusText label={runStatusLabel(run)} />
        </span>
      </div>
      <div className="overflow-hidden">
        <RunChanges run={run} />
      </div>
      <p className="text-muted-foreground truncate text-xs">
        {run.connectionName} · {TRIGGER_WORDS[run.trigger].toLowerCase()}
        {run.durationMs === null ? '' : ` · ${formatDuration(run.durationMs)}`} · {plural(run.requests, 'request')}
      </p>
    </article>
  );
}
