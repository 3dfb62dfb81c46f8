'use client';

import { useSyncExternalStore } from 'react';

const KEY = 'espejo-without-accounts';
const listeners = new Set<() => void>();
/** Where the browser keeps nothing, the choice lasts as long as the page. */
let chosenHere = false;

/** Whether this browser goes on without accounts; asked once, and until the owner's account is made. */
export function useWithoutAccounts(): boolean {
  return useSyncExternalStore(subscribe, isChosen, () => false);
}

/** Remembers the choice in this browser. */
export function goOnWithoutAccounts(): void {
  chosenHere = true;
  try {
    localStorage.setItem(KEY, 'yes');
  } catch {
    // Storage is switched off.
  }
  for (const listener of listeners) listener();
}

function isChosen(): boolean {
  try {
    return chosenHere || localStorage.getItem(KEY) === 'yes';
  } catch {
    return chosenHere;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
