import { AppError } from '@espejo/core';
import { UpstreamError, type UpstreamPort } from '@espejo/upstream';

/**
 * What to do after an error. park: this step cannot succeed automatically, the others go on. retry: there was no
 * answer, another attempt may succeed. pause: upstream limits requests, or does not answer at all. stop: the key or the
 * base URL is wrong, no step can succeed.
 */
export interface RetryDecision {
  readonly type: 'park' | 'retry' | 'pause' | 'stop';
  readonly reason: string;
}

/**
 * Classifies a failed call; when the error may concern one object or the whole upstream, one cheap read of something
 * else tells. Rethrows what is not an upstream error.
 */
export async function classifyError(
  cause: unknown,
  upstream: UpstreamPort,
  signal: AbortSignal,
): Promise<RetryDecision> {
  const decision = decisionOf(cause);
  if (decision.type !== 'park') return decision;
  const general = await checkUpstream(upstream, signal);
  if (general === null) return decision;
  // Every request gets this answer: a proxy's page for a while, or an address that is no API at all.
  if (general.type === 'park') return { type: isWrongPlace(cause) ? 'stop' : 'pause', reason: general.reason };
  return { type: general.type === 'retry' ? 'pause' : general.type, reason: general.reason };
}

/** Whether upstream answers at all; null: it does. */
export async function checkUpstream(upstream: UpstreamPort, signal: AbortSignal): Promise<RetryDecision | null> {
  try {
    await upstream.check({ signal });
    return null;
  } catch (cause) {
    signal.throwIfAborted();
    return decisionOf(cause);
  }
}

function decisionOf(cause: unknown): RetryDecision {
  // The key belongs to another project now.
  if (cause instanceof AppError && cause.code === 'upstream_unauthorized')
    return { type: 'stop', reason: cause.message };
  if (!(cause instanceof UpstreamError)) throw cause;
  const reason = cause.message;
  switch (cause.kind) {
    case 'unauthorized':
    case 'forbidden':
      return { type: 'stop', reason };
    case 'rate_limited':
      return { type: 'pause', reason };
    case 'unavailable':
      return { type: 'retry', reason };
    case 'gone':
    case 'malformed':
      return { type: 'park', reason };
  }
}

function isWrongPlace(cause: unknown): boolean {
  return cause instanceof UpstreamError && cause.httpStatus === 404;
}
