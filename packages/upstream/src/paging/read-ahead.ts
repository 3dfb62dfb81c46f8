const LEFT = new Error('The consumer left the listing.');

/**
 * Fetches the next page of a listing while the consumer works on this one: never more than one, and only a page that
 * the previous one announced, so a listing read to its end sends no additional request. A consumer that leaves early
 * aborts the running request.
 */
export async function* readAhead<T>(
  listing: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const pages = listing(stop.signal);
  let isRead = false;
  try {
    let next = pages.next();
    for (;;) {
      const page = await next;
      if (page.done === true) {
        isRead = true;
        return;
      }
      next = pages.next();
      // Its failure is thrown when the consumer reads it; until then it must not be an unhandled rejection.
      next.catch(() => undefined);
      yield page.value;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    if (!isRead) stop.abort(LEFT);
  }
}
