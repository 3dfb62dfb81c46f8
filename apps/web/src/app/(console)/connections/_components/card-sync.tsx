'use client';

import type { Connection } from '@espejo/contracts';
import { RefreshCwIcon } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { LiveRun } from '#components/sync/live-run.tsx';
import { plural } from '#lib/format/count.ts';
import { useNow } from '#lib/hooks/use-now.ts';
import { useStartSync } from '#lib/hooks/use-start-sync.ts';

/** For this long after its creation the card of a connection shows the result of the first sync. */
const NEW_FOR_S = 10 * 60;

/** The running sync of a connection, or the result of its first sync, or of one that ran while the card was shown. */
export function CardSync({ connection }: { connection: Connection }) {
  const { id, activeRunId, createdAt, lastCompleteSyncAt, storeCount } = connection;
  const now = useNow();
  const [hasWatched, setHasWatched] = useState(false);
  useEffect(() => {
    if (activeRunId !== null) setHasWatched(true);
  }, [activeRunId]);

  if (activeRunId !== null) return <LiveRun runId={activeRunId} />;
  if (lastCompleteSyncAt === null || !(hasWatched || now - createdAt < NEW_FOR_S)) return null;
  return (
    <p role="status" className="bg-brand-soft/60 rounded-md px-3 py-2">
      {plural(storeCount, 'store')} mirrored ·{' '}
      <Link
        href={`/stores?connection=${encodeURIComponent(id)}`}
        className="text-brand font-medium underline underline-offset-2"
      >
        View
        <span className="sr-only"> the stores of {connection.name}</span>
      </Link>
    </p>
  );
}

/** Starts a sync. While it is disabled it can still be focused and shows the reason. */
export function SyncNowButton({ connection }: { connection: Connection }) {
  const startSync = useStartSync();
  const obstacle = !connection.isEnabled
    ? 'This connection is switched off'
    : connection.activeRunId !== null
      ? 'A sync of this connection is running'
      : null;
  return (
    <PermissionButton
      needs="sync"
      variant="outline"
      size="sm"
      aria-disabled={obstacle !== null || startSync.isPending}
      data-hint={obstacle ?? 'List, compare and apply'}
      className="aria-disabled:opacity-50"
      onClick={() => {
        if (obstacle === null && !startSync.isPending) startSync.mutate({ connectionId: connection.id });
      }}
    >
      <RefreshCwIcon />
      Sync now<span className="sr-only"> {connection.name}</span>
    </PermissionButton>
  );
}
