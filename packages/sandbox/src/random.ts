/** A seeded source of numbers: the same seed gives the same sequence, on every machine. */
export interface Random {
  /** A whole number in [0, 2^32). */
  uint32(): number;
  /** A number in [0, 1). */
  float(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** A whole number in [min, max]. */
  between(min: number, max: number): number;
  /** One of the values. */
  pick<T>(values: readonly [T, ...T[]]): T;
}

/** Creates a seeded random source (the sfc32 generator). */
export function createRandom(seed: number): Random {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88 ^ Math.imul(seed, 0x85ebca6b);
  let c = 0xb7e15162 ^ Math.imul(seed, 0xc2b2ae35);
  let counter = 1;

  const uint32 = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  // The first outputs still resemble the seed.
  for (let round = 0; round < 15; round += 1) uint32();

  const float = (): number => uint32() / 0x1_0000_0000;
  const below = (limit: number): number => Math.floor(float() * limit);
  return {
    uint32,
    float,
    below,
    between: (min, max) => min + below(max - min + 1),
    pick: (values) => values[below(values.length)] ?? values[0],
  };
}

/** A 32-bit hash of a string (FNV-1a), to derive a seed or a number from an id. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
