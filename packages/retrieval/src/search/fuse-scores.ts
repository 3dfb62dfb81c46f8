/** The weights of the two scores of a chunk. */
export interface FusionWeights {
  readonly embeddingWeight: number;
  readonly textWeight: number;
}

/**
 * Combines two scores, from 0 to 1: the root of their weighted mean square. A chunk that is high in one of them keeps
 * most of it, and one that is low in both stays near 0. A null score was not used and has no weight: then the other is
 * the score.
 */
export function fuseScores(
  vectorScore: number | null,
  textScore: number | null,
  { embeddingWeight, textWeight }: FusionWeights,
): number {
  if (vectorScore === null || embeddingWeight === 0) return textWeight === 0 ? 0 : (textScore ?? 0);
  if (textScore === null || textWeight === 0) return vectorScore;
  const sum = embeddingWeight + textWeight;
  return Math.sqrt((embeddingWeight * vectorScore ** 2 + textWeight * textScore ** 2) / sum);
}
