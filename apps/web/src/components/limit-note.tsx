'use client';

import type { LimitUsage } from '@espejo/contracts';
import { cn } from '@espejo/ui/lib/utils';
import { useQuery } from '@tanstack/react-query';
import { usageQuery } from '#lib/api/usage.ts';
import { describeUsage, LIMIT_LABELS, type UsageWords } from '#lib/format/usage.ts';

const USAGE_TONES: Readonly<Record<UsageWords['tone'], string>> = {
  calm: 'text-muted-foreground',
  near: 'text-warning',
  full: 'text-danger',
};

/**
 * The usage of a limit. Renders nothing without such a limit in the tenant's plan, unless a limit of the settings is
 * nearly used up.
 */
export function LimitNote({
  name,
  used,
  after,
}: {
  name: LimitUsage['name'];
  /** The usage of this store or file, for a limit that applies to each one. */
  used?: number;
  /** What the count refers to, such as "in this store". */
  after: string;
}) {
  const usage = useQuery(usageQuery);
  const limit = usage.data?.limits.find((one) => one.name === name);
  if (limit === undefined || limit.max === null) return null;
  const { text, tone, note } = describeUsage({ ...limit, used: used ?? limit.used });
  if (limit.setBy === 'settings' && tone === 'calm') return null;
  const who = limit.setBy === 'plan' ? 'your plan' : 'the settings';
  return (
    <span
      data-hint={`${LIMIT_LABELS[name]}: limit of ${who}`}
      className={cn('text-xs tabular-nums', USAGE_TONES[tone])}
    >
      {text} {after}
      {note === null ? null : ` · ${note.toLowerCase()}`}
    </span>
  );
}
