import { isAccountExhausted, type RequestFailure } from '../failures/failure.ts';

export interface RetryPolicy {
  readonly retryMax: number;
  readonly backoffMs: number;
}

export interface RetryInputs {
  /** Retries already made of this request. */
  readonly retryCount: number;
  /** In [0, 1). */
  readonly random: number;
  /** Wall clock, for a `retry-after` that is a date and comes without a `date` header. */
  readonly nowMs: number;
}

const BACKOFF_MAX_MS = 8_000;
const RETRY_AFTER_MAX_MS = 60_000;

/** How long to wait before the next try, or null for none. Pure. */
export function retryWaitMs(failure: RequestFailure, policy: RetryPolicy, inputs: RetryInputs): number | null {
  if (inputs.retryCount >= policy.retryMax || !isRetryable(failure)) return null;
  return waitMsAfter(failure, policy, inputs);
}

/** How long to wait: upstream's `retry-after` (at most a minute), else backoff with full jitter. */
export function waitMsAfter(failure: RequestFailure, policy: RetryPolicy, inputs: RetryInputs): number {
  const asked = failure.type === 'status' ? retryAfterMs(failure.headers, inputs.nowMs) : null;
  if (asked !== null) return Math.min(Math.max(asked, 0), RETRY_AFTER_MAX_MS);
  return inputs.random * Math.min(policy.backoffMs * 2 ** inputs.retryCount, BACKOFF_MAX_MS);
}

function isRetryable(failure: RequestFailure): boolean {
  if (failure.type === 'too_large') return false;
  if (failure.type !== 'status') return true;
  if (isAccountExhausted(failure)) return false;
  const shouldRetry = failure.headers.get('x-should-retry');
  if (shouldRetry === 'true') return true;
  if (shouldRetry === 'false') return false;
  const { status } = failure;
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

function retryAfterMs(headers: Pick<Headers, 'get'>, nowMs: number): number | null {
  const inMs = numberOf(headers.get('retry-after-ms'));
  if (inMs !== null) return inMs;
  const text = headers.get('retry-after');
  const inSeconds = numberOf(text);
  if (inSeconds !== null) return inSeconds * 1000;
  // A date is upstream's clock, so it is compared with upstream's clock: the local one may be a day off.
  const atMs = Date.parse(text ?? '');
  const upstreamNowMs = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(atMs) ? null : atMs - (Number.isNaN(upstreamNowMs) ? nowMs : upstreamNowMs);
}

function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
