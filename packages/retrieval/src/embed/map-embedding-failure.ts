import { APIError } from 'openai';
import { EmbeddingError, type EmbeddingErrorKind } from './embedding-error.ts';

const RETRY_AFTER_MAX_MS = 60_000;

/** Converts an error of the SDK. The response text of the endpoint goes to the log only, not into the message. */
export function mapEmbeddingFailure(error: unknown, nowMs: number): EmbeddingError {
  if (error instanceof EmbeddingError) return error;
  const status = error instanceof APIError && typeof error.status === 'number' ? error.status : null;
  // No status: the connection failed, timed out, or the response was not JSON.
  if (status === null || !(error instanceof APIError)) return new EmbeddingError('unavailable', { cause: error });
  const headers = error.headers instanceof Headers ? error.headers : new Headers();
  const kind = kindOf(status, error.code ?? error.type ?? null);
  return new EmbeddingError(kind, { cause: error, httpStatus: status, retryAfterMs: retryAfterMs(headers, nowMs) });
}

function kindOf(status: number, code: string | null): EmbeddingErrorKind {
  if (status === 429)
    return code === 'insufficient_quota' || code === 'billing_hard_limit_reached' ? 'quota_exhausted' : 'rate_limited';
  if (status === 402) return 'quota_exhausted';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 408 || status === 409 || status === 425 || status >= 500) return 'unavailable';
  return 'refused';
}

function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const inMs = numberOf(headers.get('retry-after-ms')) ?? secondsOf(headers.get('retry-after'), nowMs);
  return inMs === null ? null : Math.min(Math.max(inMs, 0), RETRY_AFTER_MAX_MS);
}

function secondsOf(text: string | null, nowMs: number): number | null {
  const seconds = numberOf(text);
  if (seconds !== null) return seconds * 1000;
  const atMs = Date.parse(text ?? '');
  return Number.isNaN(atMs) ? null : atMs - nowMs;
}

function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
