import type { RequestFailure } from './failure.ts';
import { missingScopesOf } from './upstream-words.ts';

/**
 * The result of one cheap read with the same key: `works`: it succeeded; `refused`: 401 or 403 as well; `unanswered`:
 * no information about the key.
 */
export type KeyLook = 'works' | 'refused' | 'unanswered';

/**
 * Whether the key is checked again after a failure: valid keys get a single 401 or 403 at times. When upstream names
 * the missing scopes there is no doubt. Pure.
 */
export function needsSecondLook(failure: RequestFailure): boolean {
  if (failure.type !== 'status' || (failure.status !== 401 && failure.status !== 403)) return false;
  return missingScopesOf(failure.body).length === 0;
}

/**
 * What follows from the check: the request is sent once more, or the rejection is final, or the check's own failure is
 * reported. Pure.
 */
export function decideAfterLook(look: KeyLook): 'send_again' | 'refuse' | 'report_look' {
  if (look === 'works') return 'send_again';
  return look === 'refused' ? 'refuse' : 'report_look';
}

/** What the result of the check says about the key. Pure. */
export function toKeyLook(failure: RequestFailure | null): KeyLook {
  if (failure === null) return 'works';
  const isRefused = failure.type === 'status' && (failure.status === 401 || failure.status === 403);
  return isRefused ? 'refused' : 'unanswered';
}
