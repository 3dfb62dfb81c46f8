import type { IndexedFile } from '../index/port.ts';
import { seededRandom } from './seeded-random.ts';

export interface StructuredRows {
  vector(): Float32Array;
  /** A file of so many chunks of 20 words, or of `wordCount`. */
  file(fileId: string, chunkCount: number, attributes?: IndexedFile['attributes'], wordCount?: number): IndexedFile;
  /** Words with the frequencies of a natural language. */
  text(wordCount: number): string;
}

const VOCABULARY = 20_000;

/**
 * Rows with the structure of real texts, not noise: clusters of different sizes inside larger clusters, a few dominant
 * directions, and words by Zipf's law. The same for the same seed.
 */
export function structuredRows(seed: number, dimensions: number): StructuredRows {
  const random = seededRandom(seed);
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const scale = Float32Array.from({ length: dimensions }, (_, index) => 1 / Math.sqrt(1 + index / 8));
  const around = (center: Float32Array | null, spread: number): Float32Array =>
    Float32Array.from(
      { length: dimensions },
      (_, index) => (center?.[index] ?? 0) + gauss() * spread * (scale[index] ?? 1),
    );
  const topics = Array.from({ length: 12 }, () => around(null, 1));
  const themes = Array.from({ length: 200 }, (_, index) => around(topics[index % topics.length] ?? null, 0.7));
  const weights: number[] = [];
  let sum = 0;
  for (let word = 0; word < VOCABULARY; word += 1) {
    sum += 1 / (word + 2);
    weights.push(sum);
  }

  const vector = (): Float32Array => {
    // Squared: the first themes have many rows, the last few.
    const row = around(themes[Math.floor(random() ** 2 * themes.length)] ?? null, 0.5);
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  };
  const word = (): string => {
    const wanted = random() * sum;
    let low = 0;
    let high = VOCABULARY - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((weights[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return `w${low.toString(36)}`;
  };
  const text = (wordCount: number): string => Array.from({ length: wordCount }, word).join(' ');

  return {
    vector,
    text,
    file: (fileId, chunkCount, attributes = {}, wordCount = 20) => ({
      fileId,
      filename: `${fileId}.txt`,
      attributes,
      chunks: Array.from({ length: chunkCount }, (_, ordinal) => {
        const words = text(wordCount);
        const place = { startOffset: 0, endOffset: words.length, page: null, line: ordinal + 1 };
        return { ordinal, text: words, tokenCount: wordCount, ...place, vector: vector() };
      }),
    }),
  };
}
