import { AppError, isDiskFull } from '@espejo/core';
import { EmbeddingError } from '@espejo/retrieval';
import { quotaRefusedBy } from '../limits/limit-errors.ts';
import { StoreStale } from '../store-index/embedders.ts';
import { StaleEmbedding } from './ingest-file.ts';

/** What is to be done about a file that could not be taken in just now. */
export interface Verdict {
  /** Set: it will never be; this is what its owner is told. */
  readonly message: string | null;
  /** Else it is tried again after so long. */
  readonly waitMs: number;
  /** Whether this was one of its tries: a stop, or a store on the move, is not. */
  readonly isCounted: boolean;
  /** Its store has to be re-embedded first. */
  readonly isStale: boolean;
}

/** Nine tries are spread over a little more than four minutes. */
const TRIES_MAX = 9;
const WAIT_MAX_MS = 120_000;
const STALE_WAIT_MS = 5_000;
/** A disk is looked at again after this long; somebody has to free some of it. */
const DISK_WAIT_MS = 60_000;

const AGAIN: Verdict = { message: null, waitMs: 0, isCounted: false, isStale: false };

/** Judges a failure of the machinery, not of the file: it may pass, until it has not for long. */
export function classifyError(
  cause: unknown,
  input: { readonly attempts: number; readonly isStopping: boolean; readonly random: () => number },
): Verdict {
  if (input.isStopping || cause instanceof StaleEmbedding) return AGAIN;
  if (cause instanceof StoreStale) {
    return { ...AGAIN, waitMs: STALE_WAIT_MS, isStale: true };
  }
  // However long it lasts, it says nothing about the file.
  if (isDiskFull(cause)) return { ...AGAIN, waitMs: DISK_WAIT_MS };
  // A quota is whole again tomorrow: its owner is told now, and whoever waits for the file does not wait till then.
  const isHopeless = (cause instanceof EmbeddingError && !cause.isRetryable) || quotaRefusedBy(cause) !== null;
  if (isHopeless || input.attempts >= TRIES_MAX) return { ...AGAIN, message: messageOf(cause, input.attempts) };
  const asked = cause instanceof EmbeddingError ? (cause.retryAfterMs ?? 0) : 0;
  const waitMs = Math.max(asked, Math.min(WAIT_MAX_MS, 1_000 * 2 ** (input.attempts - 1)));
  return { ...AGAIN, waitMs: Math.round(waitMs * (1 + input.random() / 4)), isCounted: true };
}

function messageOf(cause: unknown, attempts: number): string {
  const reason = cause instanceof AppError ? cause.message : 'Something in Espejo failed; the log has the details.';
  return `It could not be taken in after ${attempts} ${attempts === 1 ? 'try' : 'tries'}. ${reason}`;
}
