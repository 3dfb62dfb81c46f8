/** How long something that upstream was given, and does not find, is waited for. */
export const MISSING_PATIENCE_MS = 10 * 60_000;
const PAUSE = { leastMs: 500, mostMs: 30_000 } as const;

/** `wait`: look again after this long. `over`: it is not going to show. */
export type MissingWait = { readonly type: 'wait'; readonly waitMs: number } | { readonly type: 'over' };

/**
 * What to do about something that was just made upstream and is answered 404. OpenAI shows what is new seconds late, so
 * that is no evidence that it is gone. Each pause is half of the time waited so far, so it grows; all that is remembered
 * is when the wait began, so that a restart neither begins it anew nor hurries it. Pure.
 */
export function waitForMissing(input: { readonly sinceMs: number; readonly nowMs: number }): MissingWait {
  // A clock that was set back must not make the wait endless.
  const waitedMs = Math.abs(input.nowMs - input.sinceMs);
  if (waitedMs >= MISSING_PATIENCE_MS) return { type: 'over' };
  return { type: 'wait', waitMs: Math.min(Math.max(Math.floor(waitedMs / 2), PAUSE.leastMs), PAUSE.mostMs) };
}
