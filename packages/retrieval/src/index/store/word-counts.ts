/** Chunks up to which words are counted anew after every change, so that equal stores give equal scores. */
const EXACT_COUNTS_ROWS_MAX = 20_000;
/** Share of its rows by which a larger store may change before words are counted anew. */
const COUNTS_DRIFT = 0.05;
const COUNTS_MAX = 50_000;

/** How many chunks have a word. To count costs a walk over all of them, so the count is remembered. */
export interface WordCounts {
  readonly rowsWith: (word: string) => number;
  /** The store changed. */
  changed(): void;
}

/** Remembers what `countOf` says. `rowCount` tells how many chunks there are now. */
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
