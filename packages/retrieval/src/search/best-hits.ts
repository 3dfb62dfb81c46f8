import { type Calibration, calibrated } from './calibration.ts';
import { type FusionWeights, fuseScores } from './fuse-scores.ts';

/** The scores of one chunk for one query. Null: not used. */
export interface PairScores {
  readonly cosine: number | null;
  readonly textScore: number | null;
}

export interface ScoredHit extends PairScores {
  readonly id: number;
  /** 0..1. */
  readonly score: number;
  readonly vectorScore: number | null;
}

/**
 * Combines the scores of chunks: the best query counts for each chunk, so a query that finds nothing lowers no score.
 */
export interface HitCollector {
  add(id: number, scores: PairScores): void;
  /** The best `limit` hits: higher scores first, then higher cosines, then smaller ids. */
  best(limit: number): ScoredHit[];
}

/** An empty collector. */
export function createHitCollector(weights: FusionWeights, calibration: Calibration): HitCollector {
  const hits = new Map<number, ScoredHit>();
  return {
    add(id, { cosine, textScore }) {
      const hit = scoreHit(id, { cosine, textScore }, weights, calibration);
      const known = hits.get(id);
      if (known === undefined || compareHits(hit, known) < 0) hits.set(id, hit);
    },
    best: (limit) => [...hits.values()].sort(compareHits).slice(0, limit),
  };
}

/** The score of a chunk for one query. */
export function scoreHit(
  id: number,
  { cosine, textScore }: PairScores,
  weights: FusionWeights,
  calibration: Calibration,
): ScoredHit {
  const vectorScore = cosine === null ? null : calibrated(calibration, cosine);
  return { id, cosine, textScore, vectorScore, score: fuseScores(vectorScore, textScore, weights) };
}

/** Negative: the left one comes first. */
function compareHits(left: ScoredHit, right: ScoredHit): number {
  return right.score - left.score || (right.cosine ?? 0) - (left.cosine ?? 0) || left.id - right.id;
}
