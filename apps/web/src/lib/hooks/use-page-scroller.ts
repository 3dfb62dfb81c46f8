'use client';

import { type RefObject, useLayoutEffect, useState } from 'react';

export interface PageScroller {
  /** The page's scrolling element; null until mounted. */
  readonly element: HTMLElement | null;
  /** The distance from the top of the page to the list. */
  readonly topPx: number;
}

/** For a list that scrolls with the page instead of in its own scroll area, as on narrow screens. */
export function usePageScroller(list: RefObject<HTMLElement | null>): PageScroller {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [topPx, setTopPx] = useState(0);
  // The content above the list may change its height (a banner appears), so the offset is measured at every render.
  useLayoutEffect(() => {
    const main = document.getElementById('main');
    setElement(main);
    if (!main || !list.current) return;
    setTopPx(Math.round(list.current.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop));
  });
  return { element, topPx };
}
