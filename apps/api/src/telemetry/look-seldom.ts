/**
 * Shares one look among all who ask: those who come while it is under way wait for it, and what it found to be well is
 * told for `ttlMs`. What is not well is looked at anew each time, so that its end is seen at once.
 */
export function lookSeldom<T>(
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
