'use client';

import { CheckIcon, CopyIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { cn } from '../../lib/utils.ts';

const CONFIRM_MS = 1500;

/** Copies `value` and confirms it, also to a screen reader. */
export function CopyButton({ value, label, className }: { value: string; label: string; className?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');

  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(value);
      setState('copied');
    } catch {
      setState('refused');
    }
  }

  const Icon = state === 'copied' ? CheckIcon : CopyIcon;
  return (
    <button
      type="button"
      onClick={() => void copy()}
      data-hint={state === 'refused' ? 'The browser did not allow copying' : label}
      className={cn(
        'text-muted-foreground hover:text-foreground hover:bg-accent focus-visible:ring-ring/60 relative z-10 inline-grid size-6 shrink-0 place-items-center rounded-sm outline-none focus-visible:ring-2',
        className,
      )}
    >
      <Icon aria-hidden="true" className={cn('size-3.5', state === 'copied' && 'text-success')} />
      <span className="sr-only">{label}</span>
      <span role="status" className="sr-only">
        {state === 'copied' ? 'Copied' : ''}
      </span>
    </button>
  );
}
