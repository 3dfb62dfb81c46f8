'use client';

import { Hint } from '@espejo/ui/blocks/hint';
import { cn } from '@espejo/ui/lib/utils';
import {
  describeFileExpiry,
  describeStoreExpiry,
  type ExpiryFacts,
  type ExpiryTone,
  type ExpiryWords,
} from '#lib/format/expiry.ts';
import { formatAbsolute } from '#lib/format/time.ts';
import { useNow } from '#lib/hooks/use-now.ts';

const TONES: Readonly<Record<ExpiryTone, string>> = {
  never: 'text-muted-foreground',
  later: '',
  soon: 'text-warning',
  past: 'text-muted-foreground',
};

/** When a store expires, with its rule on hover. */
export function ExpiryCell({ store }: { store: ExpiryFacts }) {
  return <ExpiryText words={describeStoreExpiry(store, useNow())} expiresAt={store.expiresAt} />;
}

export function FileExpiryCell({ expiresAt }: { expiresAt: number | null }) {
  return <ExpiryText words={describeFileExpiry(expiresAt, useNow())} expiresAt={expiresAt} />;
}

function ExpiryText({ words, expiresAt }: { words: ExpiryWords; expiresAt: number | null }) {
  const hint = expiresAt === null ? words.detail : `${words.detail}\n${formatAbsolute(expiresAt)}`;
  return (
    <Hint hint={hint} isSpoken={words.tone !== 'never'} className={cn(TONES[words.tone])}>
      {words.text}
    </Hint>
  );
}
