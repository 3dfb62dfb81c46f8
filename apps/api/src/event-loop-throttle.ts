export interface EventLoopThrottleOptions {
  /** Milliseconds since some instant, never going back. */
  readonly nowMs: () => number;
  /** Calls back in the next turn of the event loop, in the order it was asked. */
  readonly nextTurn: (callback: () => void) => void;
  /** No request begins in a turn that has lasted this long. */
  readonly turnMs: number;
}

/**
 * Spreads the beginnings of requests over turns of the event loop. Without it a turn takes up every request that has
 * arrived, and only then, once, a new connection and whatever threads have answered: with a hundred busy clients a new
 * one waited seconds for its connection, and a search tens of milliseconds for each of its steps. The order stays that of
 * arrival, and a server with nothing else in hand begins at once. Pass each request through what is answered.
 */
export function createEventLoopThrottle({ nowMs, nextTurn, turnMs }: EventLoopThrottleOptions): () => Promise<void> {
  let turnBeganMs: number | undefined;
  let waitingCount = 0;

  function isTurnOver(): boolean {
    if (turnBeganMs === undefined) {
      turnBeganMs = nowMs();
      nextTurn(() => {
        turnBeganMs = undefined;
      });
      return false;
    }
    return nowMs() - turnBeganMs >= turnMs;
  }

  return () => {
    if (waitingCount === 0 && !isTurnOver()) return Promise.resolve();
    waitingCount += 1;
    return new Promise((resolve) => {
      const attempt = () => {
        if (isTurnOver()) return nextTurn(attempt);
        waitingCount -= 1;
        resolve();
      };
      nextTurn(attempt);
    });
  };
}
