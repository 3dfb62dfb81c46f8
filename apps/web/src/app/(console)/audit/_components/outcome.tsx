import { type Tone, ToneBadge } from '@espejo/ui/blocks/tone-badge';

const TONES: Readonly<Record<string, Tone>> = { denied: 'warning', failed: 'danger', throttled: 'warning' };

/** The outcome of an action; success is shown without colour, so that a denied or failed action stands out. */
export function Outcome({ outcome }: { outcome: string }) {
  const tone = TONES[outcome];
  return tone === undefined ? outcome : <ToneBadge tone={tone}>{outcome}</ToneBadge>;
}
