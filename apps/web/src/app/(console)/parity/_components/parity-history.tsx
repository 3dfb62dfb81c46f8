'use client';

import type { ParityRun } from '@espejo/contracts';
import { cn } from '@espejo/ui/lib/utils';
import { Time } from '#components/time.tsx';
import { plural } from '#lib/format/count.ts';
import { agreement, correlation } from './agreement.ts';

interface ParityHistoryProps {
  readonly runs: readonly ParityRun[];
  readonly shownId: string;
  readonly onShow: (runId: string) => void;
}

/** The comparisons of this pair over time, as bars with their numbers. */
export function ParityHistory({ runs, shownId, onShow }: ParityHistoryProps) {
  return (
    <section aria-label="Comparisons over time" className="grid gap-2">
      <h2 className="font-semibold">Over time</h2>
      <ol className="grid gap-1">
        {runs.map((run) => (
          <li key={run.id}>
            <button
              type="button"
              aria-current={run.id === shownId ? 'true' : undefined}
              onClick={() => onShow(run.id)}
              className={cn(
                'focus-visible:ring-ring/60 grid w-full grid-cols-[7rem_minmax(0,1fr)_auto] items-center gap-3 rounded-md px-2 py-1 text-left outline-none focus-visible:ring-2',
                run.id === shownId ? 'bg-brand-soft' : 'hover:bg-accent',
              )}
            >
              <span className="text-muted-foreground truncate text-xs">
                <Time at={run.createdAt} />
              </span>
              <span aria-hidden="true" className="bg-muted h-1.5 overflow-hidden rounded-full">
                <span className="bg-brand block h-full rounded-full" style={{ width: `${run.meanOverlap * 100}%` }} />
              </span>
              <span className="text-xs tabular-nums">
                {agreement(run.meanOverlap)} of the first {run.depth}, order {correlation(run.meanRankCorrelation)},{' '}
                {plural(run.queryCount, 'query', 'queries')}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
