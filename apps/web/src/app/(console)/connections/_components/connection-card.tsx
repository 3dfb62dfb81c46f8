'use client';

import type { Connection } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Stat } from '@espejo/ui/blocks/facts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Switch } from '@espejo/ui/ui/switch';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PencilIcon, Trash2Icon } from 'lucide-react';
import Link from 'next/link';
import { useId, useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { SandboxBadge, StatusText } from '#components/badges.tsx';
import { Name } from '#components/name.tsx';
import { Size } from '#components/size.tsx';
import { Time } from '#components/time.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { asApiError } from '#lib/api/client.ts';
import { updateConnection } from '#lib/api/connections.ts';
import { formatCount, NONE } from '#lib/format/count.ts';
import { HEALTH_LABELS } from '#lib/labels/common.ts';
import { describeCron } from '#lib/labels/cron.ts';
import { ORIGIN_NOTES } from '../origin-notes.ts';
import { CardSync, SyncNowButton } from './card-sync.tsx';
import { DeleteConnectionDialog } from './delete-connection-dialog.tsx';
import { SavedTest } from './saved-test.tsx';

/** One connection: its base URL, health, counts and sync schedule. */
export function ConnectionCard({ connection, onEdit }: { connection: Connection; onEdit: () => void }) {
  const queryClient = useQueryClient();
  const switchId = useId();
  const [isDeleting, setDeleting] = useState(false);
  const note = ORIGIN_NOTES[connection.origin];
  const may = usePermission('manage');
  const isRemovable = connection.origin !== 'environment';
  const toggle = useMutation({
    mutationFn: (isEnabled: boolean) => updateConnection(connection.id, { isEnabled }),
    onError: (cause) => {
      const error = asApiError(cause);
      toast.error(error.message, { description: error.code });
    },
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['connections'] }),
        queryClient.invalidateQueries({ queryKey: ['status'] }),
      ]),
  });
  const schedule = describeCron(connection.syncCron) ?? connection.syncCron;
  const health = HEALTH_LABELS[connection.health.status];

  return (
    <li className="bg-card flex flex-col gap-4 rounded-lg border p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2 text-sm font-semibold tracking-tight">
            <Name text={connection.name} />
            {connection.kind === 'sandbox' ? <SandboxBadge /> : null}
            {connection.origin === 'environment' ? <ToneBadge tone="outline">From the environment</ToneBadge> : null}
          </h2>
          <p className="text-muted-foreground flex items-center gap-0.5 font-mono text-xs">
            <span className="break-all">{connection.baseUrl}</span>
            <CopyButton value={connection.baseUrl} label="Copy base URL" />
          </p>
        </div>
        <div className="flex items-center gap-2" data-hint={may.reason ?? undefined}>
          <label htmlFor={switchId} className="text-muted-foreground text-xs">
            {connection.isEnabled ? 'On' : 'Off'}
            <span className="sr-only">: {connection.name}</span>
          </label>
          <Switch
            id={switchId}
            checked={toggle.isPending ? toggle.variables : connection.isEnabled}
            disabled={toggle.isPending || !may.isAllowed}
            onCheckedChange={(isEnabled) => toggle.mutate(isEnabled)}
          />
        </div>
      </div>

      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        <Stat label="Health">
          <StatusText label={connection.isEnabled ? health : { text: 'Off', tone: 'neutral' }} />
        </Stat>
        <Stat label="Vector stores">
          <Link
            href={`/stores?connection=${encodeURIComponent(connection.id)}`}
            className="text-brand underline-offset-2 hover:underline"
          >
            {formatCount(connection.storeCount)}
          </Link>
        </Stat>
        <Stat label="Files">
          <Link
            href={`/files?connection=${encodeURIComponent(connection.id)}`}
            className="text-brand underline-offset-2 hover:underline"
          >
            {formatCount(connection.fileCount)}
          </Link>
        </Stat>
        <Stat label="Size">
          <Size bytes={connection.usageBytes} />
        </Stat>
        <Stat label="Last complete sync">
          {connection.lastCompleteSyncAt === null ? 'Never' : <Time at={connection.lastCompleteSyncAt} />}
        </Stat>
        <Stat label="Next sync">
          {connection.activeRunId !== null ? (
            <Link
              href={`/sync/${encodeURIComponent(connection.activeRunId)}`}
              className="text-brand underline-offset-2 hover:underline"
            >
              Running now
            </Link>
          ) : connection.nextTicks[0] === undefined ? (
            'Not scheduled'
          ) : (
            <Time at={connection.nextTicks[0]} />
          )}
        </Stat>
        <Stat label="Schedule" hint={`${schedule} (${connection.syncCron})`}>
          {connection.isSyncEnabled ? schedule : 'Off'}
        </Stat>
        <Stat label="Project">{connection.project ?? connection.organization ?? NONE}</Stat>
      </dl>

      {connection.health.message === null ? null : (
        <Banner
          tone={health.tone === 'danger' ? 'danger' : health.tone === 'neutral' ? 'info' : 'warning'}
          title={`${health.text}.`}
        >
          {connection.health.message}
        </Banner>
      )}
      <CardSync connection={connection} />
      {note === null ? null : <p className="text-muted-foreground text-pretty">{note}</p>}

      <div className="mt-auto flex flex-wrap items-center gap-2">
        <PermissionButton needs="manage" variant="outline" size="sm" onClick={onEdit}>
          <PencilIcon />
          Edit<span className="sr-only"> {connection.name}</span>
        </PermissionButton>
        <SyncNowButton connection={connection} />
        <SavedTest connection={connection} />
        <PermissionButton
          needs="manage"
          variant="ghost"
          size="sm"
          className="text-danger hover:text-danger ml-auto aria-disabled:opacity-50"
          aria-disabled={!isRemovable}
          {...(isRemovable
            ? {}
            : { 'data-hint': 'Set by the environment: to remove it, unset OPENAI_API_KEY and restart' })}
          onClick={() => {
            if (isRemovable) setDeleting(true);
          }}
        >
          <Trash2Icon />
          Delete<span className="sr-only"> {connection.name}</span>
        </PermissionButton>
      </div>
      {isDeleting ? <DeleteConnectionDialog connection={connection} onClose={() => setDeleting(false)} /> : null}
    </li>
  );
}
