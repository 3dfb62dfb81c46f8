import { UpstreamError } from '@espejo/upstream';

/**
 * What a failure to put an uploaded file into its store means. `not_found`: upstream does not find one of the two, which
 * it may soon. `attached`: it was done, though the answer could not be read. `take_back`: upstream will never take the
 * file, so it must not be left there.
 */
export type AttachVerdict =
  | { readonly type: 'not_found' }
  | { readonly type: 'attached' }
  | { readonly type: 'take_back'; readonly reason: string };

/** Judges what an attach threw; null: it is no matter of this file alone. Pure. */
export function judgeAttach(cause: unknown): AttachVerdict | null {
  if (!(cause instanceof UpstreamError)) return null;
  const { kind, httpStatus, message } = cause;
  if (kind === 'gone' || httpStatus === 404) return { type: 'not_found' };
  if (kind !== 'malformed') return null;
  // A success in another form: whether the file is in the store is seen in the store.
  if (httpStatus === null || httpStatus < 300) return { type: 'attached' };
  return { type: 'take_back', reason: message };
}
