'use client';

import { useSyncExternalStore } from 'react';

const KEY = 'espejo-without-accounts';
const listeners = new Set<() => void>();
/** Without browser storage the choice lasts as long as the page. */
let chosenInMemory = false;

/** Whether the user of this browser chose to continue without accounts. */
export function useWithoutAccounts(): boolean {
  return useSyncExternalStore(subscribe, isChosen, () => false);
}

/** Saves the choice in this browser. */
export function continueWithoutAccounts(): void {
  chosenInMemory = true;
  try {
    localStorage.setItem(KEY, 'yes');
  } catch {
    // Browser storage is disabled.
  }
  for (const listener of listeners) listener();
}

function isChosen(): boolean {
  try {
    return chosenInMemory || localStorage.getItem(KEY) === 'yes';
  } catch {
    return chosenInMemory;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
