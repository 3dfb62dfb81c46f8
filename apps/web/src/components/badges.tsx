import type { FileRow, Source, VectorStore } from '@espejo/contracts';
import { Hint } from '@espejo/ui/blocks/hint';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { cn } from '@espejo/ui/lib/utils';
import { FlaskConicalIcon, FlipVertical2Icon, GhostIcon, HourglassIcon, UnlinkIcon } from 'lucide-react';
import { fileStatusLabel, type Label, ORPHAN_LABELS, SOURCE_LABELS, shownStoreStatus } from '#lib/labels/common.ts';

const SOURCE_HINTS: Readonly<Record<Source, string>> = {
  primary: 'A primary store, hosted by Espejo: edit it here',
  cache: 'A read-only mirror of a store in an OpenAI project: edit it there',
};

/** Whose store this is, in words. */
export function SourceBadge({ source, isShort = false }: { source: Source; isShort?: boolean }) {
  return (
    <ToneBadge
      tone={source === 'primary' ? 'brand' : 'outline'}
      data-hint={SOURCE_HINTS[source]}
      className="relative z-10"
    >
      {source === 'cache' ? <FlipVertical2Icon aria-hidden="true" className="opacity-60" /> : null}
      {isShort && source === 'cache' ? (
        <>
          <span className="sr-only">OpenAI </span>Mirror
        </>
      ) : (
        SOURCE_LABELS[source]
      )}
    </ToneBadge>
  );
}

/** Marks sample data of the built-in sandbox. */
export function SandboxBadge() {
  return (
    <ToneBadge tone="warning" data-hint="From the built-in sandbox: sample data" className="relative z-10">
      <FlaskConicalIcon aria-hidden="true" />
      Sandbox
    </ToneBadge>
  );
}

/** A status as a dot and a word; success is shown without colour, so that an error stands out. */
export function StatusText({ label, hint }: { label: Label; hint?: string }) {
  return (
    <span
      className={cn('relative z-10 inline-flex items-center gap-1.5 whitespace-nowrap', TEXT_TONES[label.tone])}
      {...(hint === undefined ? {} : { 'data-hint': hint })}
    >
      <span aria-hidden="true" className="size-1.5 shrink-0 rounded-full bg-current" />
      <span className={cn(label.tone === 'success' && 'text-foreground')}>{label.text}</span>
    </span>
  );
}

const TEXT_TONES: Readonly<Record<Label['tone'], string>> = {
  neutral: 'text-muted-foreground',
  outline: 'text-foreground',
  brand: 'text-brand',
  success: 'text-success',
  warning: 'text-warning',
  danger: 'text-danger',
  info: 'text-info',
};

/** The status of a store; "Missing" before all others, because what upstream said last may no longer hold. */
export function StoreStatus({ store }: { store: Pick<VectorStore, 'status' | 'missingSince'> }) {
  const label = shownStoreStatus(store);
  return <StatusText label={label} hint={store.missingSince === null ? `Status: ${store.status}` : MISSING_HINT} />;
}

const MISSING_HINT =
  'Absent from the last complete listing. It is kept until a second listing, the grace period and a direct request confirm that it is gone';

export function FileStatus({ status }: { status: string }) {
  return <StatusText label={fileStatusLabel(status)} hint={`Status: ${status}`} />;
}

/** Absent from the last complete listing, but kept: absence does not prove deletion. */
export function MissingBadge() {
  return (
    <ToneBadge tone="warning" className="relative z-10" data-hint={MISSING_HINT}>
      <HourglassIcon aria-hidden="true" />
      Missing
    </ToneBadge>
  );
}

export function GhostBadge() {
  return (
    <ToneBadge
      tone="danger"
      className="relative z-10"
      data-hint="The store still lists this file, but it is deleted from the project"
    >
      <GhostIcon aria-hidden="true" />
      Ghost
    </ToneBadge>
  );
}

/** Whether a store uses the file; the reason on hover and for screen readers. */
export function OrphanMark({ orphan }: { orphan: FileRow['orphan'] }) {
  const { text, tone, detail } = ORPHAN_LABELS[orphan];
  const isQuiet = tone === 'neutral';
  return (
    <Hint hint={detail} isSpoken={orphan !== 'no'}>
      {isQuiet ? (
        <span className="text-muted-foreground">{text}</span>
      ) : (
        <ToneBadge tone={tone}>
          {orphan === 'yes' ? <UnlinkIcon aria-hidden="true" /> : <HourglassIcon aria-hidden="true" />}
          {text}
        </ToneBadge>
      )}
    </Hint>
  );
}
