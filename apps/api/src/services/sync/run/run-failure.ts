import { AppError, asDiskFull, type ErrorCode } from '@espejo/core';
import { UpstreamError, type UpstreamErrorKind } from '@espejo/upstream';

const CODE_OF_KIND: Record<UpstreamErrorKind, ErrorCode> = {
  gone: 'upstream_gone',
  unauthorized: 'upstream_unauthorized',
  forbidden: 'upstream_forbidden',
  rate_limited: 'upstream_rate_limited',
  unavailable: 'upstream_unavailable',
  malformed: 'upstream_malformed',
};

/** A rejected key ends the run at once: later answers to it cannot be trusted to be complete. */
export function isFatal(error: UpstreamError): boolean {
  return error.kind === 'unauthorized' || error.kind === 'forbidden';
}

export interface RunFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The error that a run shows. An unknown error reveals no internals. */
export function toRunFailure(cause: unknown): RunFailure {
  if (cause instanceof UpstreamError) return { code: CODE_OF_KIND[cause.shownKind], message: cause.message };
  const known = asDiskFull(cause);
  if (known instanceof AppError) return { code: known.code, message: known.message };
  return { code: 'internal', message: 'The sync stopped on an unexpected error. The log has the details.' };
}
