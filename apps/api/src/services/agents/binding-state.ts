import { expiryState } from '@espejo/core';
import { TRASHED, type VectorStoreRecord } from '@espejo/db';
import type { BindingState } from './views.ts';

/**
 * Whether a bound store can be searched at this instant, by the same rules as a search itself. A store that is another
 * tenant's is missing; a mirror that is only absent from a listing is not.
 */
export function bindingState(store: VectorStoreRecord | null, nowS: number): BindingState {
  if (store === null) return 'missing';
  const { status, expiresAt: expiresAtS, source } = store;
  if (status === TRASHED) return 'trashed';
  const state = expiryState({ status, expiresAtS, isPrimary: source === 'primary' }, nowS, 0);
  return state === 'expired' ? 'expired' : 'ready';
}
