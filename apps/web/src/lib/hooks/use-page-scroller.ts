'use client';

import { type RefObject, useLayoutEffect, useState } from 'react';

export interface PageScroller {
  /** The page's scrolling element; null until mounted. */
  readonly element: HTMLElement | null;
  /** How far below its top the list begins. */
  readonly topPx: number;
}

/** For a list that scrolls with the page instead of by itself, as on narrow screens. */
export function usePageScroller(list: RefObject<HTMLElement | null>): PageScroller {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [topPx, setTopPx] = useState(0);
  // What stands above the list may change its height (a banner appears), so the offset is measured at every render.
  useLayoutEffect(() => {
    const main = document.getElementById('main');
    setElement(main);
    if (!main || !list.current) return;
    setTopPx(Math.round(list.current.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop));
  });
  return { element, topPx };
}
