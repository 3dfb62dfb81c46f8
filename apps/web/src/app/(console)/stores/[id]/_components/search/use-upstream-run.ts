import { useState } from 'react';
import type { PlaygroundState } from './search-form.tsx';

/**
 * Whether the search in the address was asked for here, by pressing Search. One that came with a link, a reload or Back
 * was not: at a mirror it would count as a use of the store and cost a request without anyone's wish.
 */
export function useUpstreamRun(params: PlaygroundState) {
  const [askedKey, setAskedKey] = useState<string | null>(null);
  const key = keyOf(params);
  return {
    isAsked: askedKey === key,
    isSame: (next: PlaygroundState) => keyOf(next) === key,
    ask: (next: PlaygroundState) => setAskedKey(keyOf(next)),
  };
}

function keyOf({ find, filter, ranker, vectors, threshold, limit, beside }: PlaygroundState): string {
  return JSON.stringify([find, filter, ranker, vectors, threshold, limit, beside]);
}
