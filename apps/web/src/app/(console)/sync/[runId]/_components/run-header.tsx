'use client';

import type { SyncRun } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Stat } from '@espejo/ui/blocks/facts';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Breadcrumb } from '#components/breadcrumb.tsx';
import { Name } from '#components/name.tsx';
import { Time } from '#components/time.tsx';
import { formatCount } from '#lib/format/count.ts';
import { formatAbsolute, formatDuration, formatSpan } from '#lib/format/time.ts';
import { useNow } from '#lib/hooks/use-now.ts';
import { runKind, runStatusLabel, TRIGGER_WORDS } from '#lib/labels/common.ts';

/** The kind, result, duration and requests of a run. */
export function RunHeader({ run }: { run: SyncRun }) {
  const now = useNow();
  const status = runStatusLabel(run);
  return (
    <div className="flex flex-col gap-3">
      <PageHeader
        above={
          <Breadcrumb href="/sync" list="Sync">
            <Name text={run.connectionName} />
          </Breadcrumb>
        }
        title={`${runKind(run)} of ${formatAbsolute(run.startedAt)}`}
        description={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span role="status">
              <ToneBadge tone={status.tone}>{status.text}</ToneBadge>
            </span>
            {run.dryRun ? <ToneBadge tone="outline">No changes applied</ToneBadge> : null}
            <span className="flex items-center gap-0.5 font-mono text-xs">
              <span className="break-all">{run.id}</span>
              <CopyButton value={run.id} label="Copy run id" />
            </span>
          </span>
        }
      />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 sm:flex sm:flex-wrap sm:gap-x-10">
        <Stat label="Started">
          <Time at={run.startedAt} />
        </Stat>
        <Stat label="Duration">
          {run.durationMs === null ? `${formatSpan(now - run.startedAt)} so far` : formatDuration(run.durationMs)}
        </Stat>
        <Stat label="Trigger">{TRIGGER_WORDS[run.trigger]}</Stat>
        <Stat label="Requests">{formatCount(run.status === 'running' ? run.progress.requests : run.requests)}</Stat>
        <Stat label="Rate limited" hint="Requests that OpenAI answered with 429; each was retried after a delay">
          {formatCount(run.rateLimited)}
        </Stat>
        {run.status === 'running' ? null : (
          <Stat
            label="Listings"
            hint={
              run.isComplete
                ? 'Every listing of this run completed'
                : 'A listing did not complete, so items absent from it were not treated as deleted'
            }
          >
            {run.isComplete ? 'Complete' : <span className="text-warning">Not complete</span>}
          </Stat>
        )}
        {run.approvedAt === null ? null : (
          <Stat label="Approved">
            <Time at={run.approvedAt} />
          </Stat>
        )}
      </dl>
    </div>
  );
}
