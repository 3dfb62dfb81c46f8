import type { IndexHit } from '../index/port.ts';

/** Why a chunk has its score, in a sentence for a person. */
export function explainScore(hit: Pick<IndexHit, 'vectorRank' | 'vectorScore' | 'textRank' | 'textScore'>): string {
  const parts: string[] = [];
  if (hit.vectorRank !== null && hit.vectorScore !== null) {
    parts.push(`no. ${hit.vectorRank} by vector (cosine ${hit.vectorScore.toFixed(3)})`);
  }
  if (hit.textRank !== null && hit.textScore !== null) {
    parts.push(`no. ${hit.textRank} by words (BM25 ${hit.textScore.toFixed(2)})`);
  }
  if (parts.length === 0) return 'Found in no list.';
  const only =
    hit.vectorRank === null ? '; not among the vectors' : hit.textRank === null ? '; not among the words' : '';
  return `${parts.join(', ')}${only}.`.replace(/^no/, 'No');
}
