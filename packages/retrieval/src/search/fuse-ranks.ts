/** A list of what one query found: best first, ids once each. */
export interface RankedList {
  readonly kind: 'vector' | 'text';
  readonly items: readonly { readonly id: number; readonly score: number }[];
}

export interface FusedHit {
  readonly id: number;
  /** 0..1. */
  readonly score: number;
  readonly vectorRank: number | null;
  readonly vectorScore: number | null;
  readonly textRank: number | null;
  readonly textScore: number | null;
}

export interface FusionWeights {
  readonly embeddingWeight: number;
  readonly textWeight: number;
}

/** The constant of reciprocal rank fusion: how little the first places stand out. */
const RANK_CONSTANT = 60;
/** The BM25 score that counts as half. */
const TEXT_HALF_SCORE = 5;

/**
 * Brings lists together. With both kinds: reciprocal rank fusion, divided by what the first place in every list would
 * give, so 1 is first everywhere. With one kind alone the ranks would say less than the scores do: the cosine, nothing
 * below 0, or for words bm25 / (bm25 + 5); of several queries the best counts. What has the same score in a list has the
 * same place in it; of equal results the smaller id comes first.
 */
export function fuseRanks(lists: readonly RankedList[], weights: FusionWeights, limit: number): FusedHit[] {
  const weightOf = (list: RankedList) => (list.kind === 'vector' ? weights.embeddingWeight : weights.textWeight);
  const counted = lists.filter((list) => weightOf(list) > 0);
  const isHybrid = counted.some((list) => list.kind === 'vector') && counted.some((list) => list.kind === 'text');
  const sumMax = counted.reduce((sum, list) => sum + weightOf(list) / (RANK_CONSTANT + 1), 0);
  const found = new Map<number, { sum: number } & Omit<FusedHit, 'id' | 'score'>>();
  for (const list of counted) {
    let rank = 0;
    let rankScore = Number.NaN;
    for (const [index, { id, score }] of list.items.entries()) {
      // Equal scores, equal ranks: what a chunk scores must not depend on which of two was taken in first.
      if (score !== rankScore) rank = index + 1;
      rankScore = score;
      const before = found.get(id) ?? { sum: 0, vectorRank: null, vectorScore: null, textRank: null, textScore: null };
      const sum = before.sum + weightOf(list) / (RANK_CONSTANT + rank);
      found.set(id, { ...before, sum, ...better(before, list.kind, rank, score) });
    }
  }
  return [...found]
    .map(([id, { sum, ...places }]) => ({ id, raw: isHybrid ? sum / sumMax : rawScore(places), ...places }))
    .sort((a, b) => b.raw - a.raw || a.id - b.id)
    .slice(0, limit)
    .map(({ raw, ...hit }) => ({ ...hit, score: isHybrid ? raw : scoreOfOneKind(hit) }));
}

/** Orders also what has the same score once it is brought between 0 and 1: cosines below 0. */
function rawScore({ vectorScore, textScore }: Omit<FusedHit, 'id' | 'score'>): number {
  return vectorScore ?? textScore ?? 0;
}

function better(
  before: Omit<FusedHit, 'id' | 'score'>,
  kind: RankedList['kind'],
  rank: number,
  score: number,
): Partial<FusedHit> {
  if (kind === 'vector') {
    return {
      vectorRank: Math.min(before.vectorRank ?? rank, rank),
      vectorScore: Math.max(before.vectorScore ?? score, score),
    };
  }
  return { textRank: Math.min(before.textRank ?? rank, rank), textScore: Math.max(before.textScore ?? score, score) };
}

function scoreOfOneKind({ vectorScore, textScore }: Omit<FusedHit, 'id' | 'score'>): number {
  if (vectorScore !== null) return Math.min(1, Math.max(0, vectorScore));
  return textScore === null ? 0 : textScore / (textScore + TEXT_HALF_SCORE);
}
