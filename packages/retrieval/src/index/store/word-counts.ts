/** Up to so many chunks words are counted again after every change, so that equal stores give equal scores. */
const EXACT_COUNTS_ROWS_MAX = 20_000;
/** Share of its rows by which a larger store may change before words are counted again. */
const COUNTS_DRIFT = 0.05;
const COUNTS_MAX = 50_000;

/** How many chunks have a word. A count needs a scan of all of them, so it is cached. */
export interface WordCounts {
  readonly rowsWith: (word: string) => number;
  /** The store changed. */
  changed(): void;
}

/** Caches the results of `countOf`. `rowCount` returns the present number of chunks. */
export function createWordCounts(countOf: (word: string) => number, rowCount: () => number): WordCounts {
  const counts = new Map<string, number>();
  let countedRows = 0;
  return {
    rowsWith(word) {
      const now = rowCount();
      if (Math.abs(now - countedRows) > countedRows * COUNTS_DRIFT || counts.size >= COUNTS_MAX) {
        counts.clear();
        countedRows = now;
      }
      const known = counts.get(word);
      if (known !== undefined) return known;
      const count = countOf(word);
      counts.set(word, count);
      return count;
    },
    changed() {
      if (rowCount() <= EXACT_COUNTS_ROWS_MAX) counts.clear();
    },
  };
}
