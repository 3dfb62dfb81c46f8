'use client';

import type { Deletion } from '@espejo/contracts';
import { ProgressBar } from '@espejo/ui/blocks/progress-bar';
import { formatCount, formatDecimal } from '#lib/format/count.ts';
import { formatSpan } from '#lib/format/time.ts';

/** A running deletion: progress, rate and time left. */
export function TaskProgress({ deletion }: { deletion: Deletion }) {
  const { steps, ratePerSecond, etaSeconds } = deletion;
  const over = steps.done + steps.parked + steps.cancelled;
  const text = `${formatCount(over)} of ${formatCount(steps.total)} steps`;
  return (
    <section aria-label="Deletion in progress" className="bg-brand-soft/60 flex flex-col gap-2 rounded-md p-3">
      <p className="font-medium tabular-nums">
        {text}
        <span className="text-muted-foreground font-normal">
          {ratePerSecond > 0 ? ` · ${formatDecimal(ratePerSecond)} per second` : ''}
          {etaSeconds === null ? '' : ` · about ${formatSpan(etaSeconds)} left`}
        </span>
      </p>
      <ProgressBar
        label="Deletion progress"
        fraction={steps.total === 0 ? null : over / steps.total}
        valueText={text}
      />
      {deletion.message === null ? null : <p className="text-muted-foreground">{deletion.message}</p>}
      <p role="status" aria-live="polite" className="sr-only">
        {/* Announced only at every tenth: every step would be too much. */}
        {steps.total === 0 ? '' : `${Math.floor((over / steps.total) * 10) * 10} percent done`}
      </p>
    </section>
  );
}
