import { UpstreamError } from '@espejo/upstream';

/**
 * What an error of attaching an uploaded file means. `not_found`: upstream does not find the store or the file, which
 * may change soon. `attached`: it was attached, though the answer could not be read. `take_back`: upstream will never
 * accept the file, so it must not be left there.
 */
export type AttachDecision =
  | { readonly type: 'not_found' }
  | { readonly type: 'attached' }
  | { readonly type: 'take_back'; readonly reason: string };

/** Classifies an attach error; null: it does not concern this file alone. Pure. */
export function classifyAttachError(cause: unknown): AttachDecision | null {
  if (!(cause instanceof UpstreamError)) return null;
  const { kind, httpStatus, message } = cause;
  if (kind === 'gone' || httpStatus === 404) return { type: 'not_found' };
  if (kind !== 'malformed') return null;
  // A success in another form: the listing of the store tells whether the file is attached.
  if (httpStatus === null || httpStatus < 300) return { type: 'attached' };
  return { type: 'take_back', reason: message };
}
