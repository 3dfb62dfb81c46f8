'use client';

import { type ComponentProps, useEffect, useRef, useState } from 'react';
import { cn } from '../../lib/utils.ts';

interface Shown {
  readonly text: string;
  readonly owner: Element;
}

const SHOW_DELAY_MS = 220;
const HIDE_DELAY_MS = 120;
const GAP_PX = 6;
const EDGE_PX = 8;

/**
 * One tooltip for the whole page, shown for any element with `data-hint`, and for one with `data-hint-clipped` while its
 * text is cut. A list of a hundred thousand rows needs a
 * hint in most cells, so one listener replaces a tooltip component per cell. The pointer can move onto it, and Escape
 * hides it (WCAG 1.4.13).
 */
export function HintLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let owner: Element | null = null;
    const later = (ms: number, act: () => void) => {
      clearTimeout(timer);
      timer = setTimeout(act, ms);
    };
    const hide = () => {
      clearTimeout(timer);
      owner = null;
      setShown(null);
    };
    const show = (target: Element) => {
      const text = hintOf(target);
      if (text) setShown({ text, owner: target });
    };
    const onOver = (event: Event) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target && box.current?.contains(target)) {
        clearTimeout(timer);
        return;
      }
      const next = target === null ? null : findOwner(target);
      if (next === owner && next !== null) {
        if (timer) clearTimeout(timer);
        later(SHOW_DELAY_MS, () => show(next));
        return;
      }
      owner = next;
      if (next) later(SHOW_DELAY_MS, () => show(next));
      else later(HIDE_DELAY_MS, hide);
    };
    const onFocus = (event: FocusEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (!target?.matches(':focus-visible')) return;
      const next = findOwner(target) ?? [...target.querySelectorAll(CLIPPED)].find(isClipped);
      if (!next) return;
      owner = next;
      later(SHOW_DELAY_MS, () => show(next));
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    document.addEventListener('pointerover', onOver, { passive: true });
    document.addEventListener('pointerdown', hide, { passive: true });
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', hide);
    document.addEventListener('keydown', onKey);
    document.addEventListener('scroll', hide, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', onOver);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('scroll', hide, { capture: true });
    };
  }, []);

  useEffect(() => {
    const node = box.current;
    if (!node || !shown) return;
    let frame = 0;
    // The owner may be moving (a sheet slides in), so its position is followed.
    const place = () => {
      const anchor = shown.owner.getBoundingClientRect();
      const isAbove = anchor.top > node.offsetHeight + GAP_PX + EDGE_PX;
      const top = isAbove ? anchor.top - node.offsetHeight - GAP_PX : anchor.bottom + GAP_PX;
      const centred = anchor.left + anchor.width / 2 - node.offsetWidth / 2;
      const left = Math.min(Math.max(EDGE_PX, centred), window.innerWidth - node.offsetWidth - EDGE_PX);
      node.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
      node.style.opacity = shown.owner.isConnected ? '1' : '0';
      frame = requestAnimationFrame(place);
    };
    place();
    return () => cancelAnimationFrame(frame);
  }, [shown]);

  if (!shown) return null;
  return (
    <div
      ref={box}
      aria-hidden="true"
      dir="auto"
      className="bg-foreground text-background fixed top-0 left-0 z-[60] max-w-80 rounded-md px-2.5 py-1.5 text-xs text-pretty break-words whitespace-pre-line opacity-0 shadow-md transition-opacity duration-100"
    >
      {shown.text}
    </div>
  );
}

const CLIPPED = '[data-hint-clipped]';

/** The element around a place whose hint is shown. */
function findOwner(place: Element): Element | null {
  const clipped = place.closest(CLIPPED);
  return clipped !== null && isClipped(clipped) ? clipped : place.closest('[data-hint]');
}

function isClipped(element: Element): boolean {
  return element.scrollWidth > element.clientWidth;
}

/** The whole text of a cut element, and the hint of what is around it. */
function hintOf(owner: Element): string {
  const text = owner.matches(CLIPPED) ? owner.textContent : null;
  return [text, owner.closest('[data-hint]')?.getAttribute('data-hint')].filter((part) => part).join('\n');
}

/** Text with details on hover. `isSpoken` gives screen readers the hint as well, where the text does not contain it. */
export function Hint({
  hint,
  isSpoken = false,
  className,
  children,
  ...props
}: ComponentProps<'span'> & { hint: string; isSpoken?: boolean }) {
  return (
    <span data-hint={hint} className={cn('relative z-10', className)} {...props}>
      {children}
      {isSpoken ? <span className="sr-only">. {hint}</span> : null}
    </span>
  );
}
