import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Resolves when `url` answers with a status that `isReady` accepts; throws when `signal` aborts (its reason) or after the
 * time-out.
 * @param {string} url
 * @param {{ timeoutMs: number, what: string, signal: AbortSignal, isReady?: (status: number) => boolean }} options
 */
export async function waitReady(url, { timeoutMs, what, signal, isReady = (status) => status === 200 }) {
  const deadline = Date.now() + timeoutMs;
  let last = 'no answer yet';
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    try {
      const response = await fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
      });
      await response.body?.cancel();
      if (isReady(response.status)) return;
      last = `it answers ${response.status}`;
    } catch (error) {
      signal.throwIfAborted();
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(100, undefined, { signal }).catch(() => undefined);
  }
  throw new Error(`${what} was not ready after ${timeoutMs / 1000} s (${last}).`);
}
