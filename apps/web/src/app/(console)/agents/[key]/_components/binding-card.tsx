'use client';

import { BindingMode } from '@espejo/contracts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { cn } from '@espejo/ui/lib/utils';
import { Button } from '@espejo/ui/ui/button';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { ArrowUpIcon, SlidersHorizontalIcon, UnplugIcon, XIcon } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import { SourceBadge } from '#components/badges.tsx';
import { StoreName, shortId } from '#components/store-name.tsx';
import { BROKEN_HINTS, BROKEN_LABELS, MODE_LABELS } from '#lib/labels/agents.ts';
import { type BindingDraft, faultsOf, optionWords } from '../binding-draft.ts';
import { BindingOptions } from './binding-options.tsx';

interface BindingCardProps {
  readonly draft: BindingDraft;
  readonly onChange: (next: BindingDraft) => void;
  readonly onRemove: () => void;
  /** Null for the first binding. */
  readonly onUp: (() => void) | null;
}

/** One store of an agent: the store, whether it is required, and its search options. */
export function BindingCard({ draft, onChange, onRemove, onUp }: BindingCardProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { vectorStoreId, name, source, state, mode } = draft;
  const isBroken = state !== 'ready';
  const label = name ?? shortId(vectorStoreId);
  const words = optionWords(draft);
  const isFaulty = Object.keys(faultsOf(draft)).length > 0;
  return (
    <li className={cn('rounded-md border', isBroken && 'border-danger/50 bg-danger-soft/40')} aria-label={label}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
        <div className="min-w-0 flex-1 basis-52">
          <p className="flex min-w-0 items-center gap-2 font-medium">
            {source === null ? (
              <span className="truncate">
                <StoreName name={name} />
              </span>
            ) : (
              <Link
                href={`/stores/${encodeURIComponent(vectorStoreId)}`}
                className="truncate underline-offset-2 hover:underline"
              >
                <StoreName name={name} />
              </Link>
            )}
            {isBroken ? (
              <ToneBadge tone="danger">
                <UnplugIcon aria-hidden="true" />
                {BROKEN_LABELS[state]}
              </ToneBadge>
            ) : null}
            {source === null ? null : <SourceBadge source={source} />}
          </p>
          <p className="text-muted-foreground truncate text-xs">
            <span className="font-mono">{shortId(vectorStoreId)}</span>
            {words === null ? null : ` · ${words}`}
          </p>
        </div>
        <div className="flex items-center gap-1">
          <Select value={mode} onValueChange={(value) => onChange({ ...draft, mode: BindingMode.parse(value) })}>
            <SelectTrigger
              size="sm"
              className="w-28"
              aria-label={`Mode of ${label}`}
              data-hint={MODE_LABELS[mode].detail}
            >
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {BindingMode.options.map((value) => (
                <SelectItem key={value} value={value}>
                  {MODE_LABELS[value].text}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <IconButton
            label={`Options of ${label}`}
            isPressed={isOpen}
            className={isFaulty ? 'text-danger' : undefined}
            onClick={() => setIsOpen((now) => !now)}
          >
            <SlidersHorizontalIcon />
          </IconButton>
          <IconButton label={`Move ${label} up`} isDisabled={onUp === null} onClick={() => onUp?.()}>
            <ArrowUpIcon />
          </IconButton>
          <IconButton label={`Remove ${label}`} onClick={onRemove}>
            <XIcon />
          </IconButton>
        </div>
      </div>
      {isBroken ? <p className="text-danger px-3 pb-2 text-xs font-medium">{BROKEN_HINTS[state]}</p> : null}
      {isOpen ? <BindingOptions draft={draft} onChange={onChange} /> : null}
    </li>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

function IconButton({ label, onClick, isPressed, isDisabled = false, className, children }: IconButtonProps) {
  return (
    <Button
      type="button"
      size="icon"
      variant="ghost"
      className={cn('size-8', className)}
      data-hint={label}
      aria-label={label}
      {...(isPressed === undefined ? {} : { 'aria-expanded': isPressed })}
      disabled={isDisabled}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
