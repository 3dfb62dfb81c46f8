'use client';

import { useEffect } from 'react';

/** Whatever lies over the page: its own focus is nobody's way back. */
const OVERLAY = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], [data-radix-focus-guard]';
const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';
/** Openers that are remembered: the last may be gone when its dialog closes, as the bar of a selection is. */
const TRAIL_MAX = 8;
/** The closed layer takes its guards and its inertness away first. */
const SETTLE_MS = 40;

/**
 * Gives the focus back to what opened a dialog or a side panel when it closes. The dialogs of the console are mounted
 * without a trigger of their own, and then focus would fall to the body: whoever uses the keyboard would begin at the
 * top of the page again (WCAG 2.4.3). Where the opener is gone, the one before it is taken, and at last the page itself.
 */
export function useFocusReturn(): void {
  useEffect(() => {
    let trail: HTMLElement[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;

    function remember(target: EventTarget | null): void {
      if (!(target instanceof HTMLElement) || target === document.body || target.closest(OVERLAY) !== null) return;
      trail = [...trail.filter((one) => one !== target), target].slice(-TRAIL_MAX);
    }
    const onFocus = (event: FocusEvent) => remember(event.target);
    /** Not every browser focuses a button that is clicked; and a click beside everything is a wish to be nowhere. */
    function onPointer(event: PointerEvent): void {
      if (!(event.target instanceof Element) || event.target.closest(OVERLAY) !== null) return;
      if (isOverlaid()) return;
      const target = event.target.closest(FOCUSABLE);
      if (target === null) trail = [];
      else remember(target);
    }
    function giveBack(): void {
      if (isOverlaid() || (document.activeElement !== null && document.activeElement !== document.body)) return;
      const opener = trail.findLast((one) => one.isConnected && one.getClientRects().length > 0 && !isDisabled(one));
      (opener ?? document.getElementById('main'))?.focus({ preventScroll: true });
    }
    // Layers are put right under the body.
    const observer = new MutationObserver((records) => {
      const hasClosed = records.some(({ removedNodes }) =>
        [...removedNodes].some((node) => node instanceof Element && isLayer(node)),
      );
      if (!hasClosed) return;
      clearTimeout(timer);
      timer = setTimeout(giveBack, SETTLE_MS);
    });

    document.addEventListener('focusin', onFocus);
    document.addEventListener('pointerdown', onPointer, true);
    observer.observe(document.body, { childList: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('pointerdown', onPointer, true);
      observer.disconnect();
    };
  }, []);
}

const DIALOG = '[role="dialog"], [role="alertdialog"]';

function isLayer(node: Element): boolean {
  return node.matches(DIALOG) || node.querySelector(DIALOG) !== null;
}

function isOverlaid(): boolean {
  return document.querySelector(DIALOG) !== null;
}

function isDisabled(element: HTMLElement): boolean {
  return element.matches(':disabled');
}
