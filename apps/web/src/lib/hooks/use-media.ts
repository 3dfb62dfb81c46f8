'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query matches; false on the server. */
function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** Phones and narrow windows: lists become cards. */
export function useIsNarrow(): boolean {
  return useMedia('(max-width: 767px)');
}
