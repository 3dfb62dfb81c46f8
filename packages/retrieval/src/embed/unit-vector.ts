/** The vector of a text in which there is nothing to find: always the same, of unit length like any other. */
export function blankVector(dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  vector[0] = 1;
  return vector;
}

/** Brings a vector to unit length in place; false when it has none: a NaN, an infinity, or nothing but zeros. */
export function normalise(vector: Float32Array): boolean {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (!Number.isFinite(sum) || sum === 0) return false;
  const scale = 1 / Math.sqrt(sum);
  // Squares of very small values are still exact in doubles, but their root may be below what a float can divide by.
  if (!Number.isFinite(scale)) return false;
  for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] ?? 0) * scale;
  return true;
}
