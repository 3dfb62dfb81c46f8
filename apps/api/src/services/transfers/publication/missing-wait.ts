/** How long an object that was just created, and is not found, is waited for. */
export const MISSING_PATIENCE_MS = 10 * 60_000;
const PAUSE = { leastMs: 500, mostMs: 30_000 } as const;

/** `wait`: check again after this long. `over`: give up. */
export type MissingWait = { readonly type: 'wait'; readonly waitMs: number } | { readonly type: 'over' };

/**
 * What to do when an object that was just created upstream is answered 404. OpenAI shows new objects seconds late, so
 * that is no evidence that it is gone. Each pause is half of the time waited so far, so it grows; only the start of the
 * wait is stored, so a restart neither resets nor shortens it. Pure.
 */
export function waitForMissing(input: { readonly sinceMs: number; readonly nowMs: number }): MissingWait {
  // A clock that was set back must not make the wait endless.
  const waitedMs = Math.abs(input.nowMs - input.sinceMs);
  if (waitedMs >= MISSING_PATIENCE_MS) return { type: 'over' };
  return { type: 'wait', waitMs: Math.min(Math.max(Math.floor(waitedMs / 2), PAUSE.leastMs), PAUSE.mostMs) };
}
