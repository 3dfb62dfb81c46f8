'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useEffectEvent } from 'react';
import { type ChordState, NO_CHORD, readShortcut, type ShortcutAction } from '#lib/shortcuts.ts';

interface ShortcutHandlers {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** A dialog or menu that is open, not one that is still fading out. */
const OPEN_LAYER = ':is([role="dialog"], [role="menu"])[data-state="open"]';

/** The page-wide keyboard shortcuts, as defined in `readShortcut`. */
export function useShortcuts({ onPalette, onHelp }: ShortcutHandlers): void {
  const router = useRouter();

  /** Returns whether the key was handled. */
  const act = useEffectEvent((action: ShortcutAction): boolean => {
    switch (action.kind) {
      case 'palette':
        onPalette();
        return true;
      case 'help':
        onHelp();
        return true;
      case 'go':
        router.push(action.path);
        return true;
      case 'search': {
        const search = document.querySelector<HTMLInputElement>('main [data-search]');
        search?.focus();
        search?.select();
        return search !== null;
      }
    }
  });

  useEffect(() => {
    let chord: ChordState = NO_CHORD;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const { state, action } = readShortcut(chord, {
        key: event.key,
        isCtrlOrMeta: event.ctrlKey || event.metaKey,
        isAlt: event.altKey,
        isBusy: isTyping(event.target) || document.querySelector(OPEN_LAYER) !== null,
        atMs: event.timeStamp,
      });
      chord = state;
      if (action !== null && act(action)) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type="radio"], [type="checkbox"]), textarea, select'))
  );
}
