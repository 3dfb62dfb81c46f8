'use client';

import { useEffect } from 'react';

/** Elements in these are not remembered as openers. */
const OVERLAY = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], [data-radix-focus-guard]';
const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';
/** The last opener can be gone when its dialog closes, so the ones before it are kept too. */
const TRAIL_MAX = 8;
/** Radix removes its focus guards and aria-hidden in tasks after the dialog is unmounted. */
const SETTLE_MS = 40;

/**
 * Returns the focus to the opener of a dialog or side panel when it closes (WCAG 2.4.3). Most dialogs of the console are
 * mounted without a Radix trigger, and Radix then leaves the focus on the body. If the opener is gone, the focus goes to
 * the element focused before it, or to the main region.
 */
export function useFocusReturn(): void {
  useEffect(() => {
    let trail: HTMLElement[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Where the focus was returned to: it may be removed a moment later, with what the dialog changed. */
    let returnedTo: HTMLElement | undefined;
    const removals = new MutationObserver(() => {
      if (returnedTo?.isConnected !== true) scheduleReturn();
    });

    function scheduleReturn(): void {
      removals.disconnect();
      clearTimeout(timer);
      timer = setTimeout(returnFocus, SETTLE_MS);
    }

    function remember(target: EventTarget | null): void {
      if (!(target instanceof HTMLElement) || target === document.body || target.closest(OVERLAY) !== null) return;
      trail = [...trail.filter((one) => one !== target), target].slice(-TRAIL_MAX);
    }
    function onFocus(event: FocusEvent): void {
      if (event.target !== returnedTo) removals.disconnect();
      remember(event.target);
    }
    /** Safari does not focus a clicked button. A click outside of every control clears what is remembered. */
    function onPointer(event: PointerEvent): void {
      if (!(event.target instanceof Element) || event.target.closest(OVERLAY) !== null) return;
      if (isOverlaid()) return;
      const target = event.target.closest(FOCUSABLE);
      if (target === null) trail = [];
      else remember(target);
    }
    function returnFocus(): void {
      if (isOverlaid() || (document.activeElement !== null && document.activeElement !== document.body)) return;
      const opener = trail.findLast((one) => one.isConnected && one.getClientRects().length > 0 && !isDisabled(one));
      returnedTo = opener ?? document.getElementById('main') ?? undefined;
      returnedTo?.focus({ preventScroll: true });
      if (opener !== undefined) removals.observe(document.body, { childList: true, subtree: true });
    }
    // Radix portals are children of the body.
    const observer = new MutationObserver((records) => {
      const hasClosed = records.some(({ removedNodes }) =>
        [...removedNodes].some((node) => node instanceof Element && isLayer(node)),
      );
      if (hasClosed) scheduleReturn();
    });

    document.addEventListener('focusin', onFocus);
    document.addEventListener('pointerdown', onPointer, true);
    observer.observe(document.body, { childList: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('pointerdown', onPointer, true);
      observer.disconnect();
      removals.disconnect();
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
