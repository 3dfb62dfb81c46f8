'use client';

import { Hint } from '@espejo/ui/blocks/hint';
import { cn } from '@espejo/ui/lib/utils';
import {
  describeFileExpiry,
  describeStoreExpiry,
  type ExpiryFacts,
  type ExpiryTone,
  type ExpiryWords,
  expiryClause,
} from '#lib/format/expiry.ts';
import { formatAbsolute } from '#lib/format/time.ts';
import { useNow } from '#lib/hooks/use-now.ts';

const TONES: Readonly<Record<ExpiryTone, string>> = {
  never: 'text-muted-foreground',
  later: '',
  soon: 'text-warning',
  past: 'text-muted-foreground',
};

/** When a store expires; its policy on hover. */
export function ExpiryCell({ store, isClause = false }: { store: ExpiryFacts; isClause?: boolean }) {
  return <ExpiryText words={describeStoreExpiry(store, useNow())} expiresAt={store.expiresAt} isClause={isClause} />;
}

export function FileExpiryCell({ expiresAt, isClause = false }: { expiresAt: number | null; isClause?: boolean }) {
  return <ExpiryText words={describeFileExpiry(expiresAt, useNow())} expiresAt={expiresAt} isClause={isClause} />;
}

interface ExpiryTextProps {
  readonly words: ExpiryWords;
  readonly expiresAt: number | null;
  /** A phrase that is complete without a column header “Expires”. */
  readonly isClause: boolean;
}

function ExpiryText({ words, expiresAt, isClause }: ExpiryTextProps) {
  const hint = expiresAt === null ? words.detail : `${words.detail}\n${formatAbsolute(expiresAt)}`;
  return (
    <Hint hint={hint} isSpoken={words.tone !== 'never'} className={cn(TONES[words.tone])}>
      {isClause ? expiryClause(words) : words.text}
    </Hint>
  );
}
