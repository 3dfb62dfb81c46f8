/** The vector of a blank text: always the same, of unit length like any other. */
export function blankVector(dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  vector[0] = 1;
  return vector;
}

/** Normalises a vector to unit length in place; false when that is not possible: a NaN, an infinity, or only zeros. */
export function normalise(vector: Float32Array): boolean {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (!Number.isFinite(sum) || sum === 0) return false;
  const scale = 1 / Math.sqrt(sum);
  // Squares of very small values are exact in doubles, but their root may be too small to divide by in floats.
  if (!Number.isFinite(scale)) return false;
  for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] ?? 0) * scale;
  return true;
}
