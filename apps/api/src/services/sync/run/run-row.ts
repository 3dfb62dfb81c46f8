import type { SyncProgress } from '@espejo/core';
import type { KindCounters, RunCounters } from './run-counters.ts';

export const INITIAL_PROGRESS: SyncProgress = {
  phase: 'starting',
  done: 0,
  total: null,
  ratePerSecond: 0,
  etaSeconds: null,
  requests: 0,
};

export function emptyCounters(): RunCounters {
  const zero = (): KindCounters => ({ seen: 0, added: 0, changed: 0, returned: 0, missing: 0, removed: 0, failed: 0 });
  return { stores: zero(), attachments: zero(), files: zero() };
}
