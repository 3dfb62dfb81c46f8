import { AppError } from '@espejo/core';
import { UpstreamError, type UpstreamPort } from '@espejo/upstream';

/**
 * What a failure means for a deletion. park: this step cannot succeed by itself, the others go on. retry: it was not
 * answered, another try may be. pause: upstream asks to be left alone, or does not answer at all. stop: the key or the
 * place is wrong, no step can succeed.
 */
export interface Verdict {
  readonly type: 'park' | 'retry' | 'pause' | 'stop';
  readonly reason: string;
}

/**
 * Judges why a call failed; when the answer could be the fault of one object or of the whole place, one cheap read of
 * something else tells. Throws what is no failure of upstream's.
 */
export async function classifyError(cause: unknown, upstream: UpstreamPort, signal: AbortSignal): Promise<Verdict> {
  const verdict = verdictOf(cause);
  if (verdict.type !== 'park') return verdict;
  const general = await checkUpstream(upstream, signal);
  if (general === null) return verdict;
  // Whatever is asked here is answered like that: a proxy's page for a while, or an address that is no API at all.
  if (general.type === 'park') return { type: isWrongPlace(cause) ? 'stop' : 'pause', reason: general.reason };
  return { type: general.type === 'retry' ? 'pause' : general.type, reason: general.reason };
}

/** Whether upstream answers anything at all; null: it does. */
export async function checkUpstream(upstream: UpstreamPort, signal: AbortSignal): Promise<Verdict | null> {
  try {
    await upstream.check({ signal });
    return null;
  } catch (cause) {
    signal.throwIfAborted();
    return verdictOf(cause);
  }
}

function verdictOf(cause: unknown): Verdict {
  // The project behind the key is another one.
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
