'use client';

import type { Deletion } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Stat } from '@espejo/ui/blocks/facts';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Breadcrumb } from '#components/breadcrumb.tsx';
import { Name } from '#components/name.tsx';
import { Time } from '#components/time.tsx';
import { actorName } from '#lib/labels/actors.ts';
import { DELETION_STATUS, DELETION_TRIGGERS } from '#lib/labels/deletions.ts';
import { TaskActions } from './task-actions.tsx';
import { TaskOutcome } from './task-outcome.tsx';

/** The subject, principal, result and counts of a deletion. */
export function TaskHeader({ deletion }: { deletion: Deletion }) {
  const status = DELETION_STATUS[deletion.status];
  return (
    <div className="flex flex-col gap-3">
      <PageHeader
        above={
          <Breadcrumb href="/tasks" list="Tasks">
            Deletion
          </Breadcrumb>
        }
        title={<Name text={deletion.title} />}
        description={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span role="status">
              <ToneBadge tone={status.tone}>{status.text}</ToneBadge>
            </span>
            {deletion.files === 'keep' ? <ToneBadge tone="outline">Files kept</ToneBadge> : null}
            <span className="flex items-center gap-0.5 font-mono text-xs">
              <span className="break-all">{deletion.id}</span>
              <CopyButton value={deletion.id} label="Copy task id" />
            </span>
          </span>
        }
        actions={<TaskActions deletion={deletion} />}
      />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 sm:flex sm:flex-wrap sm:gap-x-10">
        <Stat label="Started">
          <Time at={deletion.createdAt} />
        </Stat>
        <Stat label="Ended">{deletion.finishedAt === null ? 'not yet' : <Time at={deletion.finishedAt} />}</Stat>
        <Stat label="By">{actorName(deletion.actor)}</Stat>
        <Stat label="Trigger">{DELETION_TRIGGERS[deletion.trigger]}</Stat>
      </dl>
      <TaskOutcome deletion={deletion} />
    </div>
  );
}
