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
 * How a limit stands, beside what counts towards it. Nothing where the tenant's plan sets no such limit, unless one of
 * the settings is near.
 */
export function LimitNote({
  name,
  used,
  after,
}: {
  name: LimitUsage['name'];
  /** Of this very store or file, where the limit is of each by itself. */
  used?: number;
  /** Says what was counted, where the unit alone does not. */
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
      data-hint={`${LIMIT_LABELS[name]}: as ${who} allows`}
      className={cn('text-xs tabular-nums', USAGE_TONES[tone])}
    >
      {text} {after}
      {note === null ? null : ` · ${note.toLowerCase()}`}
    </span>
  );
}
