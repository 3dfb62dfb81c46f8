import type { ReactNode } from 'react';
import { formatCount } from '#lib/format/count.ts';

interface PlanNamesProps {
  readonly title: string;
  readonly count: number;
  readonly isOpen?: boolean;
  readonly children: readonly ReactNode[];
}

/** One list of a plan, collapsible. `count` is exact; `children` can be only the first rows. */
export function PlanNames({ title, count, isOpen = false, children }: PlanNamesProps) {
  if (count === 0) return null;
  return (
    <details className="group rounded-md border" open={isOpen}>
      <summary className="focus-visible:ring-ring/60 cursor-pointer rounded-md px-3 py-1.5 font-medium outline-none focus-visible:ring-2">
        {title} <span className="text-muted-foreground font-normal tabular-nums">{formatCount(count)}</span>
      </summary>
      <ul className="max-h-52 space-y-1 overflow-y-auto border-t px-3 py-2">{children}</ul>
      {children.length < count ? (
        <p className="text-muted-foreground border-t px-3 py-1.5 text-xs">
          The first {formatCount(children.length)} of {formatCount(count)}.
        </p>
      ) : null}
    </details>
  );
}
