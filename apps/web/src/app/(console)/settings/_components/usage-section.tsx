'use client';

import type { LimitUsage, Usage } from '@espejo/contracts';
import { ProgressBar } from '@espejo/ui/blocks/progress-bar';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '#components/states/loaded.tsx';
import { Time } from '#components/time.tsx';
import { usageQuery } from '#lib/api/usage.ts';
import { describeUsage, LIMIT_LABELS } from '#lib/format/usage.ts';

const BADGE_TONES = { calm: 'neutral', near: 'warning', full: 'danger' } as const;
const BAR_TONES = { calm: 'brand', near: 'warning', full: 'danger' } as const;

/** Every limit, with its current usage. */
export function UsageSection() {
  const usage = useQuery(usageQuery);
  return (
    <section aria-labelledby="usage" className="grid gap-3">
      <div>
        <h2 id="usage" className="font-semibold">
          Usage
        </h2>
        <p className="text-muted-foreground text-pretty">
          Usage against the limits of the plan and of the settings below; the stricter of the two applies. Days end at
          midnight UTC.
        </p>
      </div>
      <Loaded query={usage} what="the usage">
        {(data) => <UsageList usage={data} />}
      </Loaded>
    </section>
  );
}

function UsageList({ usage }: { usage: Usage }) {
  return (
    <>
      <p>
        Plan: <span className="font-medium">{usage.plan.name}</span>
        {usage.allowedMimeTypes.map((types) => (
          <span key={types.join()} className="text-muted-foreground block text-pretty">
            File types: <span className="font-mono text-xs">{types.join(', ') || 'none'}</span>
          </span>
        ))}
      </p>
      <ul className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {usage.limits.map((limit) => (
          <UsageLine key={limit.name} limit={limit} />
        ))}
      </ul>
    </>
  );
}

function UsageLine({ limit }: { limit: LimitUsage }) {
  const { text, share, tone, note } = describeUsage(limit);
  const label = LIMIT_LABELS[limit.name];
  return (
    <li className="grid content-start gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span>{label}</span>
        <span className="flex items-center gap-2 tabular-nums">
          {note === null ? null : <ToneBadge tone={BADGE_TONES[tone]}>{note}</ToneBadge>}
          <span className="font-medium">{text}</span>
        </span>
      </div>
      {share === null ? null : <ProgressBar label={label} fraction={share} valueText={text} tone={BAR_TONES[tone]} />}
      <p className="text-muted-foreground text-xs">
        {limit.setBy === null ? 'No limit' : limit.setBy === 'plan' ? 'Set by the plan' : 'Set in the settings'}
        {/* A limit by the minute resets too soon for its time to be useful. */}
        {share === null || share === 0 || limit.resetsAt === null || limit.unit === 'requests' ? null : (
          <>
            {' · resets '}
            <Time at={limit.resetsAt} />
          </>
        )}
      </p>
    </li>
  );
}
