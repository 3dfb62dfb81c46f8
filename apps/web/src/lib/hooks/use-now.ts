'use client';

import { useSyncExternalStore } from 'react';

const TICK_MS = 5000;

/**
 * The server's time in seconds, updated every five seconds. The clock of a browser may be wrong by minutes, so every
 * relative time on the page uses the server's clock from the status poll.
 */
class Clock {
  #offsetS = 0;
  #nowS = Math.floor(Date.now() / 1000);
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(this.#tick, TICK_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  read = (): number => this.#nowS;

  /** Adopts the server's time, unless the difference is only the delay of the answer. */
  align(serverNowS: number): void {
    const offsetS = serverNowS - Math.floor(Date.now() / 1000);
    if (Math.abs(offsetS - this.#offsetS) < 3) return;
    this.#offsetS = offsetS;
    this.#tick();
  }

  #tick = (): void => {
    const nowS = Math.floor(Date.now() / 1000) + this.#offsetS;
    if (nowS === this.#nowS) return;
    this.#nowS = nowS;
    for (const listener of this.#listeners) listener();
  };
}

const clock = new Clock();

/** Unix seconds; re-renders the caller every five seconds. */
export function useNow(): number {
  return useSyncExternalStore(clock.subscribe, clock.read, clock.read);
}

/** Called with every answer of the status poll. */
export function alignClock(serverNowS: number): void {
  clock.align(serverNowS);
}
