import type { RequestFailure } from './failure.ts';
import { missingScopesOf } from './upstream-words.ts';

/**
 * How one cheap read with the same key was answered: `works`: it was; `refused`: with 401 or 403 as well; `unanswered`:
 * nothing was learnt of the key.
 */
export type KeyLook = 'works' | 'refused' | 'unanswered';

/**
 * Whether a failure is looked at again before anything is concluded from it: good keys are answered a single 401 or 403
 * at times. Where upstream names the scopes that the key lacks there is nothing to doubt. Pure.
 */
export function needsSecondLook(failure: RequestFailure): boolean {
  if (failure.type !== 'status' || (failure.status !== 401 && failure.status !== 403)) return false;
  return missingScopesOf(failure.body).length === 0;
}

/** What follows from the look: the request is sent once more, or the refusal stands, or the look's own failure does. Pure. */
export function decideAfterLook(look: KeyLook): 'send_again' | 'refuse' | 'report_look' {
  if (look === 'works') return 'send_again';
  return look === 'refused' ? 'refuse' : 'report_look';
}

/** What a look's own end says of the key. Pure. */
export function toKeyLook(failure: RequestFailure | null): KeyLook {
  if (failure === null) return 'works';
  const isRefused = failure.type === 'status' && (failure.status === 401 || failure.status === 403);
  return isRefused ? 'refused' : 'unanswered';
}
