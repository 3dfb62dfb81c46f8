import type { Calibration } from '../search/calibration.ts';
import type { EmbeddingModel } from './port.ts';

/** Measured on the labelled queries of `quality/`: unrelated texts stay below the first point. */
const LEXICAL: Calibration = [
  [0.12, 0],
  [0.3, 0.5],
  [0.6, 1],
];

/** Means of token vectors, like those of small sentence models. */
const STATIC: Calibration = [
  [0.15, 0],
  [0.45, 0.6],
  [0.8, 1],
];

/**
 * Known families of models, by what their names contain. Cosines of unrelated texts are near the first point, those of
 * a question and its answer near the second, those of paraphrases at the last.
 */
const FAMILIES: readonly (readonly [name: RegExp, calibration: Calibration])[] = [
  [
    /text-embedding-3/,
    [
      [0.15, 0],
      [0.4, 0.6],
      [0.7, 1],
    ],
  ],
  [
    /ada-002/,
    [
      [0.72, 0],
      [0.82, 0.6],
      [0.92, 1],
    ],
  ],
  [
    /(^|[^a-z])(multilingual-)?e5([^a-z]|$)/,
    [
      [0.74, 0],
      [0.85, 0.6],
      [0.94, 1],
    ],
  ],
  [
    /(^|[^a-z])(bge|gte|arctic|nomic|mxbai|jina)([^a-z]|$)/,
    [
      [0.4, 0],
      [0.65, 0.6],
      [0.88, 1],
    ],
  ],
  [/minilm|mpnet|distilbert|potion|model2vec|m2v/, STATIC],
];

/** For a model that has not been measured. */
const UNKNOWN: Calibration = [
  [0.2, 0],
  [0.5, 0.6],
  [0.85, 1],
];

/** The calibration of a model: maps a cosine between its vectors to a score from 0 to 1. */
export function calibrationOf({ kind, name }: Pick<EmbeddingModel, 'kind' | 'name'>): Calibration {
  if (kind === 'lexical') return LEXICAL;
  if (kind === 'static') return STATIC;
  const lower = name.toLowerCase();
  return FAMILIES.find(([pattern]) => pattern.test(lower))?.[1] ?? UNKNOWN;
}
