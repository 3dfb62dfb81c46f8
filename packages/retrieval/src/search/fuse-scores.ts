/** How the two scores of a chunk count. */
export interface FusionWeights {
  readonly embeddingWeight: number;
  readonly textWeight: number;
}

/**
 * One score of two, from 0 to 1: the root of their weighted mean square. What is near by one of them alone keeps most of
 * it, and what is near by neither stays near 0. A score that was not asked for, null, has no weight: then the other is
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
