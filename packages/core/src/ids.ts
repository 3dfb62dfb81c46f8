/**
 * Ids of our own making, in OpenAI's forms. Randomness and clock are passed in: `randomHex(n)` gives n hex characters.
 */
export function vectorStoreId(createdAtS: number, randomHex: (length: number) => string): string {
  return `vs_${createdAtS.toString(16).padStart(8, '0')}${randomHex(24)}`;
}

/** `prefix_` + 8 hex of the creation second + 16 random hex: sorts by time, never guessed. */
export function prefixedId(
  prefix: 'run' | 'conn' | 'del',
  nowMs: number,
  randomHex: (length: number) => string,
): string {
  return `${prefix}_${Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0')}${randomHex(16)}`;
}
