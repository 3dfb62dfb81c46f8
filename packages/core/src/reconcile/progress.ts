export type SyncPhase =
  | 'starting'
  | 'listing_stores'
  | 'listing_attachments'
  | 'listing_files'
  | 'confirming'
  | 'removing'
  | 'done';

export interface SyncProgress {
  readonly phase: SyncPhase;
  readonly done: number;
  /** Null while the end is not known. */
  readonly total: number | null;
  readonly ratePerSecond: number;
  readonly etaSeconds: number | null;
  readonly requests: number;
}

/** Rate and remaining time of a phase from its start; zero and null until they can be estimated. */
export function measureProgress(input: {
  phase: SyncPhase;
  done: number;
  total: number | null;
  requests: number;
  phaseStartedAtMs: number;
  nowMs: number;
}): SyncProgress {
  const { phase, done, total, requests } = input;
  const elapsedMs = input.nowMs - input.phaseStartedAtMs;
  const ratePerSecond = elapsedMs > 0 ? Math.round((done / elapsedMs) * 10_000) / 10 : 0;
  const left = total === null ? null : Math.max(0, total - done);
  const etaSeconds = left === null ? null : left === 0 ? 0 : ratePerSecond > 0 ? Math.ceil(left / ratePerSecond) : null;
  return { phase, done, total, ratePerSecond, etaSeconds, requests };
}
