import { AppError, asDiskFull, type ErrorCode } from '@espejo/core';
import { UpstreamError, UpstreamRefused } from '@espejo/upstream';

/** The scope of an error: one file, a wait, or the whole transfer until a user acts. */
export type RetryDecision =
  | { readonly type: 'file'; readonly reason: string }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'park'; readonly reason: string };

const PASSING: ReadonlySet<ErrorCode> = new Set([
  'database_busy',
  'database_full',
  'disk_full',
  'content_busy',
  'interrupted',
]);
const OF_THE_WHOLE: ReadonlySet<ErrorCode> = new Set([
  'connection_not_found',
  'connection_disabled',
  'vector_store_not_found',
  'vector_store_trashed',
  'vector_store_expired',
  'vector_store_read_only',
]);

/** Classifies an error of a transfer step; undefined: unexpected. Pure. */
export function classifyError(failure: unknown): RetryDecision | undefined {
  const cause = asDiskFull(failure);
  if (cause instanceof UpstreamRefused) return { type: 'file', reason: cause.message };
  if (cause instanceof UpstreamError) return classifyUpstream(cause);
  if (!(cause instanceof AppError) || cause.code === 'lease_lost') return undefined;
  if (PASSING.has(cause.code)) return { type: 'pause', reason: cause.message };
  if (OF_THE_WHOLE.has(cause.code)) return { type: 'park', reason: cause.message };
  return { type: 'file', reason: cause.message };
}

function classifyUpstream({ kind, message }: UpstreamError): RetryDecision {
  switch (kind) {
    // A 404 may be a lag, or final: a later check tells.
    case 'gone':
      return { type: 'pause', reason: message };
    case 'malformed':
      return { type: 'file', reason: message };
    case 'unauthorized':
    case 'forbidden':
      return { type: 'park', reason: message };
    case 'rate_limited':
    case 'unavailable':
      return { type: 'pause', reason: message };
  }
}
