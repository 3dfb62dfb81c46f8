/*
 * The state of the pacer, as immutable values. Background calls share `limit` slots, which follow AIMD: halved for each
 * burst of 429, one more slot for each `limit` responses without one. Interactive calls have additional slots of their
 * own.
 */

export const INTERACTIVE_SLOTS = 2;

export type Slot = 'shared' | 'reserve';

export interface PacerState {
  readonly limitMax: number;
  /** Grows by fractions; its whole part is the number of shared slots. */
  readonly limit: number;
  readonly sharedInUse: number;
  readonly reserveInUse: number;
  /** Pauses that have not ended; no request starts while there is one. */
  readonly pauseCount: number;
  /** Counts the cuts. A call that started before the last cut says nothing about the limit after it. */
  readonly epoch: number;
}

export function initialPacerState(limitMax: number): PacerState {
  return { limitMax, limit: limitMax, sharedInUse: 0, reserveInUse: 0, pauseCount: 0, epoch: 0 };
}

/** The slot a call may take now, or null when it has to wait. */
export function slotFor(state: PacerState, isInteractive: boolean): Slot | null {
  if (state.pauseCount > 0) return null;
  if (isInteractive && state.reserveInUse < INTERACTIVE_SLOTS) return 'reserve';
  return state.sharedInUse < Math.floor(state.limit) ? 'shared' : null;
}

export function taken(state: PacerState, slot: Slot): PacerState {
  return slot === 'shared'
    ? { ...state, sharedInUse: state.sharedInUse + 1 }
    : { ...state, reserveInUse: state.reserveInUse + 1 };
}

export function released(state: PacerState, slot: Slot): PacerState {
  return slot === 'shared'
    ? { ...state, sharedInUse: state.sharedInUse - 1 }
    : { ...state, reserveInUse: state.reserveInUse - 1 };
}

/** A response that was not a 429: additive increase. */
export function succeeded(state: PacerState, startedInEpoch: number): PacerState {
  if (startedInEpoch !== state.epoch || state.limit >= state.limitMax) return state;
  return { ...state, limit: Math.min(state.limitMax, state.limit + 1 / state.limit) };
}

/** A 429: all calls pause; the limit is halved once for all calls that ran together. */
export function rateLimited(state: PacerState, startedInEpoch: number): PacerState {
  const paused = { ...state, pauseCount: state.pauseCount + 1 };
  if (startedInEpoch !== state.epoch) return paused;
  return { ...paused, limit: Math.max(1, state.limit / 2), epoch: state.epoch + 1 };
}

export function pauseEnded(state: PacerState): PacerState {
  return { ...state, pauseCount: state.pauseCount - 1 };
}
