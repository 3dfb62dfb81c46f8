import { AppError, isDiskFull } from '@espejo/core';
import { EmbeddingError } from '@espejo/retrieval';
import { quotaRefusedBy } from '../limits/limit-errors.ts';
import { StoreStale } from '../store-index/embedders.ts';
import { StaleEmbedding } from './ingest-file.ts';

/** What to do with a file that could not be ingested. */
export interface RetryDecision {
  /** Set: it fails for good, with this sentence for its owner. */
  readonly message: string | null;
  /** Otherwise the delay before the next attempt. */
  readonly waitMs: number;
  /** Whether this counts as an attempt: a stop, or a store that is being replaced, does not. */
  readonly isCounted: boolean;
  /** Its store has to be reembedded first. */
  readonly isStale: boolean;
}

/** Nine attempts are spread over a little more than four minutes. */
const TRIES_MAX = 9;
const WAIT_MAX_MS = 120_000;
const STALE_WAIT_MS = 5_000;
/** The disk is measured again after this long; a person has to free space. */
const DISK_WAIT_MS = 60_000;

const AGAIN: RetryDecision = { message: null, waitMs: 0, isCounted: false, isStale: false };

/** Classifies an error of the system, not of the file: it is retried until it has lasted too long. */
export function classifyError(
  cause: unknown,
  input: { readonly attempts: number; readonly isStopping: boolean; readonly random: () => number },
): RetryDecision {
  if (input.isStopping || cause instanceof StaleEmbedding) return AGAIN;
  if (cause instanceof StoreStale) {
    return { ...AGAIN, waitMs: STALE_WAIT_MS, isStale: true };
  }
  // However long it lasts, it says nothing about the file.
  if (isDiskFull(cause)) return { ...AGAIN, waitMs: DISK_WAIT_MS };
  // A quota resets tomorrow: its owner is told now, and callers that wait for the file do not wait till then.
  const isHopeless = (cause instanceof EmbeddingError && !cause.isRetryable) || quotaRefusedBy(cause) !== null;
  if (isHopeless || input.attempts >= TRIES_MAX) return { ...AGAIN, message: messageOf(cause, input.attempts) };
  const asked = cause instanceof EmbeddingError ? (cause.retryAfterMs ?? 0) : 0;
  const waitMs = Math.max(asked, Math.min(WAIT_MAX_MS, 1_000 * 2 ** (input.attempts - 1)));
  return { ...AGAIN, waitMs: Math.round(waitMs * (1 + input.random() / 4)), isCounted: true };
}

function messageOf(cause: unknown, attempts: number): string {
  const reason = cause instanceof AppError ? cause.message : 'Espejo had an internal error; the log has the details.';
  return `It could not be ingested after ${attempts} ${attempts === 1 ? 'try' : 'tries'}. ${reason}`;
}
