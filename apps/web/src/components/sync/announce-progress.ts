import type { SyncProgress } from '@espejo/contracts';
import { PHASE_WORDS } from '#lib/labels/common.ts';

/**
 * What a screen reader is told of a run: the phase, and its quarters. The text stays the same in between, so that a
 * live region speaks a few times a run, not several times a second.
 */
export function announceProgress(progress: Pick<SyncProgress, 'phase' | 'done' | 'total'>): string {
  const phase = PHASE_WORDS[progress.phase];
  if (progress.total === null || progress.total === 0) return phase;
  const quarter = Math.floor((4 * progress.done) / progress.total) * 25;
  return quarter === 0 ? phase : `${phase}, ${Math.min(100, quarter)} percent`;
}
