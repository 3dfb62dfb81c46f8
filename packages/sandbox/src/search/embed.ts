import { hashText } from '../random.ts';
import { wordsOf } from './words.ts';

/**
 * A unit vector of a text: each word adds to a few places selected by its hash, so texts that share words are close.
 */
export function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  const words = wordsOf(text);
  for (const word of words.length === 0 ? [text] : words) {
    for (const salt of ['a', 'b', 'c', 'd']) {
      const hash = hashText(salt + word);
      const place = hash % dimensions;
      vector[place] = (vector[place] ?? 0) + ((hash >>> 16) % 2 === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  // Words that cancel each other out still need a direction.
  if (length === 0) vector[hashText(text) % dimensions] = 1;
  else for (const [index, value] of vector.entries()) vector[index] = value / length;
  return vector;
}
