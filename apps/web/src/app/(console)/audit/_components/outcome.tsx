import { type Tone, ToneBadge } from '@espejo/ui/blocks/tone-badge';

const TONES: Readonly<Record<string, Tone>> = { denied: 'warning', failed: 'danger', throttled: 'warning' };

/** How an act ended: quiet when it was done, so that what was refused or failed stands out. */
export function Outcome({ outcome }: { outcome: string }) {
  const tone = TONES[outcome];
  return tone === undefined ? outcome : <ToneBadge tone={tone}>{outcome}</ToneBadge>;
}
