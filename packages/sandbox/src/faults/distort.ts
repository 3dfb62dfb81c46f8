import type { Distortion } from '../http/exchange.ts';
import type { MatchedFault } from './fault-set.ts';

/** What the active faults change inside a handler; null for nothing. */
export function distortionOf(activeFaults: readonly MatchedFault[], nowMs: number): Distortion | null {
  let distortion: Distortion | null = null;
  const plain: Distortion = { isListed: () => true, ghostMode: null, isDetachedEverywhere: false, isBatchStore: false };
  for (const { fault, random } of activeFaults) {
    const current: Distortion = distortion ?? plain;
    if (fault.kind === 'ghost_attachments') distortion = { ...current, ghostMode: fault.mode };
    else if (fault.kind === 'detach_everywhere') distortion = { ...current, isDetachedEverywhere: true };
    else if (fault.kind === 'store_instead_of_batch') distortion = { ...current, isBatchStore: true };
    else if (fault.kind === 'list_lag') {
      distortion = {
        ...current,
        isListed: (row) => row.createdAtMs + fault.lagMs <= nowMs && current.isListed(row),
      };
    } else if (fault.kind === 'list_holes') {
      distortion = { ...current, isListed: (row) => random.float() >= fault.share && current.isListed(row) };
    }
  }
  return distortion;
}
