import type { ReactNode } from 'react';
import { cn } from '../../lib/utils.ts';

/** A definition list in two columns; one on narrow screens. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <dl className={cn('grid grid-cols-1 gap-x-6 gap-y-1 sm:grid-cols-[10rem_minmax(0,1fr)]', className)}>{children}</dl>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground pt-1.5 sm:py-1.5">{label}</dt>
      <dd className="min-w-0 pb-1.5 break-words sm:py-1.5">{children}</dd>
    </>
  );
}

/** A figure with its caption, for a row of them. */
export function Stat({ label, children, hint }: { label: string; children: ReactNode; hint?: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted-foreground text-xs whitespace-nowrap">{label}</dt>
      <dd className="truncate font-medium tabular-nums" {...(hint === undefined ? {} : { 'data-hint': hint })}>
        {children}
      </dd>
    </div>
  );
}
