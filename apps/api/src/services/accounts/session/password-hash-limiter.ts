import { AppError } from '@espejo/core';

/** Runs expensive work with limited concurrency. */
export interface PasswordHashLimiter {
  /** Throws `sign_in_throttled` when too many are waiting already. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Hashing a password takes a processor and 16 MB for a while: a flood of sign-ins must leave capacity for other work.
 */
export function createPasswordHashLimiter(options: {
  readonly concurrency: number;
  readonly waitingMax: number;
}): PasswordHashLimiter {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async run(work) {
      if (running >= options.concurrency) {
        if (waiting.length >= options.waitingMax) throw throttled(1_000);
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else running += 1;
      try {
        return await work();
      } finally {
        // The slot is handed on directly, so that a later caller cannot take it first.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}

export function throttled(retryAfterMs: number): AppError {
  const retryAfterS = Math.ceil(retryAfterMs / 1000);
  return new AppError(
    'sign_in_throttled',
    `Too many attempts to sign in. Try again in ${retryAfterS} s, or from a browser that signed in before.`,
    { details: { retryAfterS } },
  );
}
