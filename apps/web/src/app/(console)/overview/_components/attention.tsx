'use client';

import type { AttentionItem, Overview } from '@espejo/contracts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { CircleAlertIcon, CircleCheckIcon, InfoIcon, type LucideIcon, TriangleAlertIcon } from 'lucide-react';
import Link from 'next/link';
import { Name } from '#components/name.tsx';
import { Section } from '#components/section.tsx';
import { Time } from '#components/time.tsx';
import { formatCount } from '#lib/format/count.ts';
import { describeAttention } from '../describe-attention.ts';

/** What needs attention, the most urgent first; or that nothing does, and as of when. */
export function Attention({ overview }: { overview: Overview }) {
  const { attention, asOf, parkedDeletionCount } = overview;
  const parkedShown = attention.filter((item) => item.kind === 'deletion_parked').length;
  return (
    <Section title="Needs attention now" about="Each row leads to the list that explains it.">
      {attention.length === 0 ? (
        <p className="bg-card flex items-center gap-2.5 rounded-lg border px-4 py-3">
          <CircleCheckIcon aria-hidden="true" className="text-success size-4 shrink-0" />
          {asOf === null ? (
            <span>Nothing needs attention. No listing is complete yet.</span>
          ) : (
            <span>
              Nothing needs attention, as of <Time at={asOf} />.
            </span>
          )}
        </p>
      ) : (
        <ul aria-label="What needs attention" className="bg-card divide-y rounded-lg border">
          {attention.map((item) => (
            <AttentionEntry key={keyOf(item)} item={item} />
          ))}
        </ul>
      )}
      {parkedDeletionCount > parkedShown ? (
        <p className="text-muted-foreground">
          <Link href="/tasks?status=parked" className="text-brand underline underline-offset-2">
            {formatCount(parkedDeletionCount)} deletions need attention
          </Link>{' '}
          in all.
        </p>
      ) : null}
    </Section>
  );
}

function AttentionEntry({ item }: { item: AttentionItem }) {
  const { title, tone, href, detail } = describeAttention(item);
  const Icon = ICONS[tone === 'danger' || tone === 'warning' ? tone : 'info'];
  return (
    <li className="hover:bg-accent/60 relative flex items-start gap-2.5 px-4 py-2.5 transition-colors first:rounded-t-lg last:rounded-b-lg">
      <Icon aria-hidden="true" className={ICON_TONES[tone === 'danger' || tone === 'warning' ? tone : 'info']} />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <Link
            href={href}
            prefetch={false}
            className="focus-visible:ring-ring/60 min-w-0 rounded-sm font-medium break-words underline-offset-2 outline-none after:absolute after:inset-0 hover:underline focus-visible:ring-2"
          >
            {title}
          </Link>
          {item.connections.map((connection) => (
            <ToneBadge key={connection.id} tone="outline" className="min-w-0 max-w-full shrink">
              <Name text={connection.name} />
            </ToneBadge>
          ))}
          {item.connections.length === 0 && (item.kind === 'failed_files' || item.kind === 'stores_expiring') ? (
            <ToneBadge tone="brand">Primary</ToneBadge>
          ) : null}
        </div>
        {detail === null || detail === '' ? null : (
          <p className="text-muted-foreground line-clamp-2 text-pretty break-words">{detail}</p>
        )}
      </div>
      {item.since === null ? null : (
        <span className="text-muted-foreground shrink-0 text-xs leading-5 whitespace-nowrap">
          <span className="sr-only">Since </span>
          <Time at={item.since} />
        </span>
      )}
    </li>
  );
}

type IconTone = 'danger' | 'warning' | 'info';

const ICONS: Readonly<Record<IconTone, LucideIcon>> = {
  danger: CircleAlertIcon,
  warning: TriangleAlertIcon,
  info: InfoIcon,
};

const ICON_TONES: Readonly<Record<IconTone, string>> = {
  danger: 'text-danger mt-0.5 size-4 shrink-0',
  warning: 'text-warning mt-0.5 size-4 shrink-0',
  info: 'text-info mt-0.5 size-4 shrink-0',
};

function keyOf(item: AttentionItem): string {
  return [item.kind, item.id, item.message, ...item.connections.map(({ id }) => id)].join(' ');
}
