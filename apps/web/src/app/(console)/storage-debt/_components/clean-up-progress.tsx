'use client';

import type { Deletion } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { ProgressBar } from '@espejo/ui/blocks/progress-bar';
import { Button } from '@espejo/ui/ui/button';
import { useQuery } from '@tanstack/react-query';
import { XIcon } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';
import { asApiError } from '#lib/api/client.ts';
import { deletionQuery, isOpen } from '#lib/api/deletions.ts';
import { formatCount } from '#lib/format/count.ts';
import { useDeletionEvents } from '#lib/hooks/use-deletion-events.ts';

interface CleanUpProgressProps {
  readonly deletionId: string;
  readonly onEnd: (deletion: Deletion) => void;
  /** The task does not exist, or the user dismissed it. */
  readonly onForget: () => void;
}

/** The progress of a clean-up on its card, until it ends. */
export function CleanUpProgress({ deletionId, onEnd, onForget }: CleanUpProgressProps) {
  const deletion = useQuery(deletionQuery(deletionId));
  const { data, error } = deletion;
  useDeletionEvents(deletionId, data === undefined || isOpen(data.status));
  const isGone = error !== null && asApiError(error).status === 404;
  const isOver = data !== undefined && (data.status === 'succeeded' || data.status === 'cancelled');

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once, when the clean-up ends
  useEffect(() => {
    if (isGone) onForget();
    else if (isOver && data !== undefined) onEnd(data);
  }, [isGone, isOver]);

  if (isOver || isGone) return null;
  if (data?.status === 'parked') return <Parked deletion={data} onForget={onForget} />;
  return <Running deletionId={deletionId} deletion={data} />;
}

function Running({ deletionId, deletion }: { deletionId: string; deletion: Deletion | undefined }) {
  const steps = deletion?.steps ?? { total: 0, done: 0, parked: 0, cancelled: 0 };
  const over = steps.done + steps.parked + steps.cancelled;
  const text =
    steps.total === 0 ? 'Deleting…' : `Deleting: ${formatCount(over)} of ${formatCount(steps.total)} steps done`;
  return (
    <section aria-label="Clean-up in progress" className="bg-brand-soft/60 flex flex-col gap-2 rounded-md p-3">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <p className="font-medium tabular-nums">{text}</p>
        <TaskLink deletionId={deletionId}>Watch</TaskLink>
      </div>
      <ProgressBar
        label="Clean-up progress"
        fraction={steps.total === 0 ? null : over / steps.total}
        valueText={text}
      />
    </section>
  );
}

function Parked({ deletion, onForget }: { deletion: Deletion; onForget: () => void }) {
  return (
    <Banner
      tone="warning"
      title="The clean-up needs attention."
      actions={
        <>
          <TaskLink deletionId={deletion.id}>Open the task</TaskLink>
          <Dismiss onDismiss={onForget} />
        </>
      }
    >
      {formatCount(deletion.steps.parked)} of {formatCount(deletion.steps.total)} steps could not be done.{' '}
      {deletion.message}
    </Banner>
  );
}

/** The result of a clean-up; its card can be gone by then. */
export function CleanUpEnd({ deletion, onDismiss }: { deletion: Deletion; onDismiss: () => void }) {
  const { title, steps } = deletion;
  const isCancelled = deletion.status === 'cancelled';
  return (
    <Banner
      tone={isCancelled ? 'warning' : 'info'}
      title={isCancelled ? 'The clean-up was cancelled.' : 'The clean-up is done.'}
      actions={
        <>
          <TaskLink deletionId={deletion.id}>Open the task</TaskLink>
          <Dismiss onDismiss={onDismiss} />
        </>
      }
    >
      <bdi>{title}</bdi>: {formatCount(steps.done)} of {formatCount(steps.total)} steps done.
    </Banner>
  );
}

function TaskLink({ deletionId, children }: { deletionId: string; children: string }) {
  return (
    <Button asChild variant="link" size="sm" className="text-ui h-5 px-0 text-current underline">
      <Link href={`/tasks/${encodeURIComponent(deletionId)}`}>{children}</Link>
    </Button>
  );
}

function Dismiss({ onDismiss }: { onDismiss: () => void }) {
  return (
    <Button variant="ghost" size="sm" className="h-5 px-1 has-[>svg]:px-1" aria-label="Dismiss" onClick={onDismiss}>
      <XIcon />
    </Button>
  );
}
