'use client';

import { formatAbsolute, formatRelative } from '#lib/format/time.ts';
import { useNow } from '#lib/hooks/use-now.ts';

/** A relative time; the date with its time zone on hover. */
export function Time({ at, className }: { at: number; className?: string }) {
  const now = useNow();
  return (
    <time
      dateTime={new Date(at * 1000).toISOString()}
      data-hint={formatAbsolute(at)}
      className={className ?? 'relative z-10'}
    >
      {formatRelative(at, now)}
    </time>
  );
}
