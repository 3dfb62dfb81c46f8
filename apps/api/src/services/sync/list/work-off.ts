import type { RunContext } from '../run/run-context.ts';

/**
 * Processes items in order, with the connection's concurrency. The first error stops everything: no worker starts
 * another item, requests in progress are aborted, and the error is thrown when all workers have stopped, so that none
 * is left writing.
 */
export async function workOff<T>(
  items: readonly T[],
  ctx: Pick<RunContext, 'connection' | 'signal'>,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([ctx.signal, stop.signal]);
  let failure: { readonly cause: unknown } | undefined;
  let next = 0;

  async function worker(): Promise<void> {
    while (failure === undefined) {
      const item = items[next];
      next += 1;
      if (item === undefined) return;
      try {
        signal.throwIfAborted();
        await work(item, signal);
      } catch (cause) {
        failure ??= { cause };
        stop.abort(cause);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(ctx.connection.concurrency, items.length) }, worker));
  if (failure !== undefined) throw failure.cause;
}
