import type { AgentBinding } from '@espejo/contracts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { DatabaseIcon, FlipVertical2Icon, UnplugIcon } from 'lucide-react';
import { StoreName, shortId } from '#components/store-name.tsx';
import { BROKEN_LABELS, MODE_LABELS } from '#lib/labels/agents.ts';
import { SOURCE_LABELS } from '#lib/labels/common.ts';

/** A store of an agent in one line: its source, its mode, and in red its error. */
export function BindingBadge({ binding }: { binding: AgentBinding }) {
  const { name, vectorStoreId, source, mode, state } = binding;
  const Icon = state !== 'ready' ? UnplugIcon : source === 'cache' ? FlipVertical2Icon : DatabaseIcon;
  const what = source === null ? 'Missing' : SOURCE_LABELS[source];
  return (
    <ToneBadge
      tone={state !== 'ready' ? 'danger' : source === 'primary' ? 'brand' : 'outline'}
      className="relative z-10 max-w-56"
      data-hint={`${what} · ${MODE_LABELS[mode].text}: ${MODE_LABELS[mode].detail.toLowerCase()}`}
    >
      <Icon aria-hidden="true" className="opacity-70" />
      <span className="truncate">{name === null ? shortId(vectorStoreId) : <StoreName name={name} />}</span>
      {state === 'ready' ? null : <span className="font-normal">· {BROKEN_LABELS[state].toLowerCase()}</span>}
      {mode === 'default' ? <span className="font-normal opacity-80">· default</span> : null}
    </ToneBadge>
  );
}
