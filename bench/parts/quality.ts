import { calibrationOf, createLexicalEmbedder } from '@espejo/retrieval';
import { measureQuality, type Quality, readLabelledSets, type SearchKind } from '@espejo/retrieval/testing';
import type { Line, Print, Section } from '../lib/report.ts';
import { quantile } from '../lib/stats.ts';

const KINDS: readonly SearchKind[] = ['words', 'vectors', 'hybrid'];

/** Results of the labelled queries by language, with the built-in embedder. The size of the bench has no effect. */
export async function measureSearchQuality(_print: Print): Promise<Section> {
  const embedder = createLexicalEmbedder();
  const lines: Line[] = [];
  const sums = new Map<SearchKind, number>();
  const sets = readLabelledSets();
  for (const set of sets) {
    const quality = await measureQuality(set, embedder, calibrationOf(embedder.model));
    for (const kind of KINDS) sums.set(kind, (sums.get(kind) ?? 0) + quality[kind].ndcgAt10 / sets.length);
    lines.push({
      what: set.language,
      measured: KINDS.map((kind) => quality[kind].ndcgAt10.toFixed(3)).join(' / '),
      note: `${set.queries.length} queries; hybrid scores: ${describeScores(quality.hybrid)}`,
    });
  }
  lines.push({ what: 'mean', measured: KINDS.map((kind) => (sums.get(kind) ?? 0).toFixed(3)).join(' / ') });
  return { title: `Quality: nDCG@10 of words / vectors / hybrid, ${embedder.model.name}`, lines };
}

function describeScores({ hits, noise }: Quality): string {
  const right = hits.filter(({ isRight }) => isRight).map(({ topScore }) => topScore);
  const noiseTop = Math.max(...noise.map(({ topScore }) => topScore));
  return `correct first rows have a median of ${quantile(right, 0.5).toFixed(2)}, the best of noise ${noiseTop.toFixed(2)}`;
}
