import type { SyncProgress } from '@espejo/contracts';
import { PHASE_WORDS } from '#lib/labels/common.ts';

/**
 * The text that a screen reader announces for a run: the phase and its quarters. It does not change in between, so
 * that a live region announces a few times per run instead of several times per second.
 */
export function announceProgress(progress: Pick<SyncProgress, 'phase' | 'done' | 'total'>): string {
  const phase = PHASE_WORDS[progress.phase];
  if (progress.total === null || progress.total === 0) return phase;
  const quarter = Math.floor((4 * progress.done) / progress.total) * 25;
  return quarter === 0 ? phase : `${phase}, ${Math.min(100, quarter)} percent`;
}
