import { AppError } from '@espejo/core';

/** Errors of an embeddings endpoint, by what to do about them. */
export type EmbeddingErrorKind =
  | 'rate_limited'
  | 'unavailable'
  | 'unauthorized'
  | 'quota_exhausted'
  | 'refused'
  | 'malformed';

/** Only these can succeed later. */
const RETRYABLE: ReadonlySet<EmbeddingErrorKind> = new Set(['rate_limited', 'unavailable']);

const SENTENCES: Readonly<Record<EmbeddingErrorKind, string>> = {
  rate_limited: 'The embeddings endpoint is limiting requests.',
  unavailable: 'The embeddings endpoint cannot be reached or is failing.',
  unauthorized: 'The embeddings endpoint rejects the key. Check EMBEDDINGS_API_KEY.',
  quota_exhausted: 'The account behind the embeddings endpoint has no credit left.',
  refused: 'The embeddings endpoint rejects the request. Check EMBEDDINGS_MODEL and EMBEDDINGS_DIMENSIONS.',
  malformed: 'The embeddings endpoint returned something else than a list of vectors of one length.',
};

/** Vectors could not be made. `isRetryable` says whether the same request may succeed later. */
export class EmbeddingError extends AppError {
  readonly kind: EmbeddingErrorKind;
  override readonly isRetryable: boolean;
  /** Set when the endpoint named a delay. */
  readonly retryAfterMs: number | null;
  /** The HTTP status, if there was one. */
  readonly httpStatus: number | null;

  constructor(
    kind: EmbeddingErrorKind,
    options: { cause?: unknown; retryAfterMs?: number | null; httpStatus?: number | null; detail?: string } = {},
  ) {
    const detail = options.detail === undefined ? '' : ` ${options.detail}`;
    super('embeddings_unavailable', `${SENTENCES[kind]}${detail}`, { cause: options.cause });
    this.name = 'EmbeddingError';
    this.kind = kind;
    this.isRetryable = RETRYABLE.has(kind);
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.httpStatus = options.httpStatus ?? null;
  }
}
