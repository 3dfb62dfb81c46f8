export interface EventLoopThrottleOptions {
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
  /** Calls back in the next turn of the event loop, in order. */
  readonly nextTurn: (callback: () => void) => void;
  /** No request starts in a turn that has lasted this long. */
  readonly turnMs: number;
}

/**
 * Spreads the starts of requests over turns of the event loop. Without it a turn starts every request that has arrived,
 * and only then handles new connections and answers of threads: with a hundred busy clients a new one waited seconds
 * for its connection, and a search tens of milliseconds for each of its steps. The order of arrival is kept, and an
 * idle server starts a request at once. Pass each request through the returned function.
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
