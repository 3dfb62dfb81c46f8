/** How much two rankings of the same things agree. */
export interface RankingComparison {
  /** Share of the first k that both have, 0..1. Two empty rankings agree: 1. */
  readonly overlap: number;
  readonly commonCount: number;
  /** Kendall's tau of the items that both have among their first k, -1..1; null when there are fewer than two. */
  readonly rankCorrelation: number | null;
}

/**
 * Compares the first k of two rankings, each without repeats. Overlap is counted against the longer of the two, so that
 * a ranking that ends early is not treated as complete. The correlation is Kendall's tau (M. G. Kendall, "A new measure
 * of rank correlation", 1938): concordant pairs minus discordant pairs, over all pairs.
 */
export function compareRankings(left: readonly string[], right: readonly string[], k: number): RankingComparison {
  const [first, second] = [left.slice(0, k), right.slice(0, k)];
  const rankInSecond = new Map(second.map((key, rank) => [key, rank]));
  const ranks = first.flatMap((key) => rankInSecond.get(key) ?? []);
  const longest = Math.max(first.length, second.length);
  return {
    overlap: longest === 0 ? 1 : ranks.length / longest,
    commonCount: ranks.length,
    rankCorrelation: kendallTau(ranks),
  };
}

/** Of distinct ranks, in the order of the other ranking. */
function kendallTau(ranks: readonly number[]): number | null {
  const pairCount = (ranks.length * (ranks.length - 1)) / 2;
  if (pairCount === 0) return null;
  let balance = 0;
  for (const [at, rank] of ranks.entries()) {
    for (const later of ranks.slice(at + 1)) balance += later > rank ? 1 : -1;
  }
  return balance / pairCount;
}
