import { AppError, type Limit, type LimitName } from '@espejo/core';

/** A limit of stored amounts is reached: its name, its source, the maximum and the present amount. */
export function limitMet(
  name: LimitName,
  { max, setBy }: Limit,
  { present, what }: { readonly present: number; readonly what: string },
): AppError {
  const details = { limit: name, max, present };
  return setBy === 'plan'
    ? new AppError(
        'quota_exceeded',
        `${what} Your plan allows no more: remove something, or ask the operator of this installation for a larger plan.`,
        { details },
      )
    : new AppError('limit_exceeded', `${what} Remove something, or raise the limit '${name}' in the settings.`, {
        details,
      });
}

/** A quota per minute or per day is used up; it resets at an instant. */
export function rateMet(
  name: LimitName,
  input: {
    readonly max: number;
    readonly present: number;
    readonly what: string;
    readonly nowMs: number;
    readonly resetsAtMs: number;
  },
): AppError {
  const { max, present, what, nowMs, resetsAtMs } = input;
  const waitMs = Math.max(1, resetsAtMs - nowMs);
  const retryAfterS = Math.ceil(waitMs / 1000);
  const when = waitMs <= 60_000 ? `in ${retryAfterS} s` : `at ${new Date(resetsAtMs).toISOString()}`;
  return new AppError(
    'rate_limit_exceeded',
    `${what} Try again ${when}, or ask the operator of this installation for a larger plan.`,
    { details: { limit: name, max, present, resetsAt: Math.ceil(resetsAtMs / 1000), retryAfterS } },
  );
}

/** The quota that an error reports, when it is one of the operator's. */
export function quotaRefusedBy(error: unknown): LimitName | null {
  if (!(error instanceof AppError)) return null;
  if (error.code !== 'quota_exceeded' && error.code !== 'rate_limit_exceeded') return null;
  // Only the two functions above create these errors.
  return (error.details?.limit as LimitName | undefined) ?? null;
}
