import { presenceOf } from '../../search/word-score.ts';

/** This many occurrences and more are stored as one number. */
const COUNT_MAX = 15;
/** Each bucket of lengths goes from one of these word counts up to the next. */
const LENGTHS = [0, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096] as const;
const LONGEST = LENGTHS[LENGTHS.length - 1] ?? 0;

const bucketOf = new Uint8Array(LONGEST + 1);
for (const [bucket, from] of LENGTHS.entries()) bucketOf.fill(bucket, from);

/** One byte: how often a chunk has a word, and about how many words the chunk has. */
export function occurrenceByte(count: number, wordCount: number): number {
  return (Math.min(count, COUNT_MAX) << 4) | (bucketOf[Math.min(wordCount, LONGEST)] ?? 0);
}

/** The upper bound of a chunk's share of a word's weight, by its occurrence byte. */
export const PRESENCE_BOUNDS = Float32Array.from({ length: 256 }, (_, byte) => {
  const count = byte >> 4;
  return count === COUNT_MAX ? 1 : presenceOf(count, LENGTHS[byte & 15] ?? 0);
});
