/**
 * Shares one check among all callers: those during a check wait for it, and a healthy result is cached for `ttlMs`. An
 * unhealthy result is checked again each time, so that its end is seen at once.
 */
export function createCachedCheck<T>(
  look: () => Promise<T>,
  { ttlMs, nowMs, isWell }: { readonly ttlMs: number; readonly nowMs: () => number; isWell(found: T): boolean },
): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  let last: { readonly found: T; readonly atMs: number } | undefined;
  return () => {
    if (last !== undefined && nowMs() - last.atMs < ttlMs) return Promise.resolve(last.found);
    underWay ??= look()
      .then((found) => {
        last = isWell(found) ? { found, atMs: nowMs() } : undefined;
        return found;
      })
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
}
