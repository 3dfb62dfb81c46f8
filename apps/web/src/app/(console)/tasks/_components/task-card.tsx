'use client';

import type { Deletion } from '@espejo/contracts';
import Link from 'next/link';
import { StatusText } from '#components/badges.tsx';
import { Name } from '#components/name.tsx';
import { Time } from '#components/time.tsx';
import { formatCount } from '#lib/format/count.ts';
import { DELETION_STATUS, DELETION_TRIGGERS } from '#lib/labels/deletions.ts';

/** A task on a narrow screen. */
export function TaskCard({ deletion }: { deletion: Deletion }) {
  const { steps } = deletion;
  return (
    <article className="active:bg-accent/60 relative flex h-full flex-col justify-center gap-1 px-4">
      <div className="flex items-baseline gap-2">
        <Link
          href={`/tasks/${encodeURIComponent(deletion.id)}`}
          prefetch={false}
          className="min-w-0 truncate text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
        >
          <Name text={deletion.title} />
        </Link>
        <span className="ml-auto shrink-0">
          <StatusText label={DELETION_STATUS[deletion.status]} />
        </span>
      </div>
      <p className="tabular-nums">
        {formatCount(steps.done)} of {formatCount(steps.total)} steps
        {steps.parked > 0 ? <span className="text-warning"> · {formatCount(steps.parked)} parked</span> : null}
      </p>
      <p className="text-muted-foreground truncate text-xs">
        {DELETION_TRIGGERS[deletion.trigger]} · <Time at={deletion.createdAt} />
      </p>
    </article>
  );
}
