/** A growing set of small non-negative integers, one bit each: 125 KB for a listing of a million files. */
export interface BitSet {
  /** Adds `n`; false when it was there already. */
  add(n: number): boolean;
  has(n: number): boolean;
  readonly size: number;
}

export function createBitSet(): BitSet {
  let words = new Uint32Array(1024);
  let size = 0;
  return {
    add(n) {
      const word = n >>> 5;
      if (word >= words.length) {
        const grown = new Uint32Array(Math.max(word + 1, words.length * 2));
        grown.set(words);
        words = grown;
      }
      const before = words[word] ?? 0;
      const after = before | (1 << (n & 31));
      if (after >>> 0 === before) return false;
      words[word] = after;
      size += 1;
      return true;
    },
    has: (n) => ((words[n >>> 5] ?? 0) & (1 << (n & 31))) !== 0,
    get size() {
      return size;
    },
  };
}
