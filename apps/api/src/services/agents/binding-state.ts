import { expiryState } from '@espejo/core';
import { TRASHED, type VectorStoreRecord } from '@espejo/db';
import type { BindingState } from './views.ts';

/**
 * Whether a bound store can be searched now, by the same rules as a search. A store of another tenant counts as
 * missing; a mirror that is only absent from a listing does not.
 */
export function bindingState(store: VectorStoreRecord | null, nowS: number): BindingState {
  if (store === null) return 'missing';
  const { status, expiresAt: expiresAtS, source } = store;
  if (status === TRASHED) return 'trashed';
  const state = expiryState({ status, expiresAtS, isPrimary: source === 'primary' }, nowS, 0);
  return state === 'expired' ? 'expired' : 'ready';
}
