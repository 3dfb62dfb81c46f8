'use client';

import type { SyncProgress, SyncRun } from '@espejo/contracts';
import { ProgressBar } from '@espejo/ui/blocks/progress-bar';
import { Button } from '@espejo/ui/ui/button';
import { Skeleton } from '@espejo/ui/ui/skeleton';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { asApiError } from '#lib/api/client.ts';
import { cancelSyncRun, syncRunQuery } from '#lib/api/sync-runs.ts';
import { formatCount, formatDecimal } from '#lib/format/count.ts';
import { formatSpan } from '#lib/format/time.ts';
import { useRunEvents } from '#lib/hooks/use-run-events.ts';
import { PHASE_WORDS, progressCount, runKind } from '#lib/labels/common.ts';
import { announceProgress } from './announce-progress.ts';

/** A running sync: phase, progress, rate, time left and a cancel button. */
export function LiveRun({ runId }: { runId: string }) {
  useRunEvents(runId);
  const run = useQuery(syncRunQuery(runId));
  if (run.data === undefined) return <Skeleton className="h-12" />;
  return <LivePanel run={run.data} />;
}

function LivePanel({ run }: { run: SyncRun }) {
  const pathname = usePathname();
  const path = `/sync/${encodeURIComponent(run.id)}`;
  const { progress } = run;
  const fraction = progress.total === null || progress.total === 0 ? null : progress.done / progress.total;
  return (
    <section aria-label={`${runKind(run)} in progress`} className="bg-brand-soft/60 flex flex-col gap-2 rounded-md p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="font-medium">{PHASE_WORDS[progress.phase]}</p>
        <p className="text-muted-foreground tabular-nums">{progressCount(progress)}</p>
        <div className="ml-auto flex items-center gap-2">
          {pathname === path ? null : (
            <Button asChild variant="ghost" size="sm" className="h-7">
              <Link href={path}>{runKind(run)} details</Link>
            </Button>
          )}
          <CancelButton runId={run.id} />
        </div>
      </div>
      <ProgressBar
        label={`${runKind(run)} progress`}
        fraction={fraction}
        valueText={`${PHASE_WORDS[progress.phase]}, ${progressCount(progress)}`}
      />
      <dl className="text-muted-foreground flex flex-wrap gap-x-5 text-xs tabular-nums">
        <Figure
          label="Rate"
          value={progress.ratePerSecond > 0 ? `${formatDecimal(progress.ratePerSecond)} / s` : '—'}
        />
        <Figure label="Time left" value={leftWords(progress)} />
        <Figure label="Requests" value={formatCount(progress.requests)} />
      </dl>
      <p role="status" aria-live="polite" className="sr-only">
        {announceProgress(progress)}
      </p>
    </section>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex gap-1.5">
      <dt>{label}</dt>
      <dd className="text-foreground font-medium">{value}</dd>
    </div>
  );
}

function leftWords(progress: SyncProgress): string {
  return progress.etaSeconds === null ? 'unknown' : `about ${formatSpan(Math.ceil(progress.etaSeconds))}`;
}

function CancelButton({ runId }: { runId: string }) {
  const queryClient = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelSyncRun(runId),
    onSuccess: () => toast.info('Stops after the current requests'),
    onError: (cause) => {
      const error = asApiError(cause);
      toast.error(error.message, { description: error.code });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['sync-runs'] }),
  });
  return (
    <PermissionButton
      needs="sync"
      variant="outline"
      size="sm"
      className="h-7"
      disabled={cancel.isPending || cancel.isSuccess}
      onClick={() => cancel.mutate()}
    >
      {cancel.isSuccess ? 'Stopping…' : 'Cancel'}
    </PermissionButton>
  );
}
