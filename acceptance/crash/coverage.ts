import type { SyncRun } from '@espejo/contracts';
import type { CrashPoint } from './scenario.ts';

/** Counts over all seeds, to prove that they cover what they should. */
export interface Coverage {
  readonly kills: Record<CrashPoint['at'], number>;
  readonly runs: Record<SyncRun['status'], number>;
  readonly removed: { stores: number; attachments: number; files: number };
  starts: number;
  startMs: number;
}

export function createCoverage(): Coverage {
  return {
    kills: { start: 0, request: 0, write: 0, probe: 0, phase: 0 },
    runs: { running: 0, succeeded: 0, partial: 0, failed: 0, cancelled: 0, needs_review: 0 },
    removed: { stores: 0, attachments: 0, files: 0 },
    starts: 0,
    startMs: 0,
  };
}

export function countRun({ runs, removed }: Coverage, { status, counters }: SyncRun): void {
  runs[status] += 1;
  for (const kind of ['stores', 'attachments', 'files'] as const) removed[kind] += counters[kind].removed;
}
