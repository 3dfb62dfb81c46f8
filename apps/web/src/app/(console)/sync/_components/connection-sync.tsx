'use client';

import type { Connection, StartSyncRunBody } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import { RefreshCwIcon } from 'lucide-react';
import Link from 'next/link';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { SandboxBadge, StatusText } from '#components/badges.tsx';
import { Name } from '#components/name.tsx';
import { LiveRun } from '#components/sync/live-run.tsx';
import { Time } from '#components/time.tsx';
import { useStartSync } from '#lib/hooks/use-start-sync.ts';
import { HEALTH_LABELS } from '#lib/labels/common.ts';
import { describeCron } from '#lib/labels/cron.ts';

/** One connection: its health, next sync, running sync and start buttons. */
export function ConnectionSync({ connection }: { connection: Connection }) {
  const startSync = useStartSync();
  const isRunning = connection.activeRunId !== null;
  const obstacle = !connection.isEnabled
    ? 'This connection is switched off'
    : isRunning
      ? 'A sync of this connection is running'
      : null;
  const start = (options: Omit<StartSyncRunBody, 'connectionId'>) => {
    if (obstacle === null && !startSync.isPending) startSync.mutate({ connectionId: connection.id, ...options });
  };
  return (
    <li className="flex flex-col gap-3 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <h2 className="min-w-0 font-medium">
              <Name text={connection.name} />
            </h2>
            {connection.kind === 'sandbox' ? <SandboxBadge /> : null}
            <StatusText
              label={connection.isEnabled ? HEALTH_LABELS[connection.health.status] : { text: 'Off', tone: 'neutral' }}
            />
          </div>
          <p className="text-muted-foreground">
            {connection.lastCompleteSyncAt === null ? (
              'Never synced'
            ) : (
              <>
                Synced <Time at={connection.lastCompleteSyncAt} />
              </>
            )}
            {' · '}
            <Schedule connection={connection} />
          </p>
        </div>
        <fieldset className="flex flex-wrap gap-2">
          <legend className="sr-only">Sync {connection.name}</legend>
          <StartButton obstacle={obstacle} onStart={() => start({})} isPrimary hint="List, compare and apply">
            <RefreshCwIcon />
            Sync now
          </StartButton>
          <StartButton
            obstacle={obstacle}
            onStart={() => start({ full: true })}
            hint="List the files of every store again, including stores that look unchanged"
          >
            Full sync
          </StartButton>
          <StartButton
            obstacle={obstacle}
            onStart={() => start({ dryRun: true })}
            hint="List and compare without changing anything: shows what a sync would do"
          >
            Dry run
          </StartButton>
        </fieldset>
      </div>
      {connection.activeRunId === null ? null : <LiveRun runId={connection.activeRunId} />}
      {connection.health.message === null || !connection.isEnabled ? null : (
        <Banner
          tone={HEALTH_LABELS[connection.health.status].tone === 'danger' ? 'danger' : 'warning'}
          title={`${HEALTH_LABELS[connection.health.status].text}.`}
          actions={
            connection.health.status === 'needs_review' ? (
              <Button asChild variant="link" size="sm" className="text-ui h-5 px-0 text-current underline">
                <Link href={`/sync?connection=${encodeURIComponent(connection.id)}&status=needs_review`}>
                  Find the run
                </Link>
              </Button>
            ) : null
          }
        >
          {connection.health.message}
        </Banner>
      )}
    </li>
  );
}

function Schedule({ connection }: { connection: Connection }) {
  const [next] = connection.nextTicks;
  if (!connection.isEnabled) return 'switched off';
  if (!connection.isSyncEnabled || next === undefined) return 'no schedule: syncs only when started';
  return (
    <>
      next <Time at={next} />{' '}
      <span className="text-muted-foreground" data-hint={connection.syncCron}>
        ({lowerFirst(describeCron(connection.syncCron) ?? connection.syncCron)})
      </span>
    </>
  );
}

interface StartButtonProps {
  readonly obstacle: string | null;
  readonly hint: string;
  readonly isPrimary?: boolean;
  readonly onStart: () => void;
  readonly children: React.ReactNode;
}

/** Can be focused while it is disabled, and says why it is. */
function StartButton({ obstacle, hint, isPrimary = false, onStart, children }: StartButtonProps) {
  return (
    <PermissionButton
      needs="sync"
      variant={isPrimary ? 'default' : 'outline'}
      size="sm"
      aria-disabled={obstacle !== null}
      data-hint={obstacle ?? hint}
      onClick={onStart}
      className="aria-disabled:opacity-50"
    >
      {children}
      {obstacle === null ? null : <span className="sr-only">: {obstacle}</span>}
    </PermissionButton>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
