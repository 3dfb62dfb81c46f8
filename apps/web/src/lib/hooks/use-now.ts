'use client';

import { useSyncExternalStore } from 'react';

const TICK_MS = 5000;

/**
 * The current second as the server sees it, ticking every five seconds. Browsers' clocks are often wrong by minutes;
 * the status poll brings the server's, and every "2 min ago" on the page is measured by that.
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

  /** Takes the server's time over, unless the difference is only the answer's own delay. */
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

/** Unix seconds; re-renders the caller as time goes by. */
export function useNow(): number {
  return useSyncExternalStore(clock.subscribe, clock.read, clock.read);
}

/** Called with every status answer. */
export function alignClock(serverNowS: number): void {
  clock.align(serverNowS);
}
