/** Reserved from the day's quota at a time: a crash may lose as many, and none is given twice. */
const BLOCK_MAX = 100;
/** A block is so small a part of the quota that losing one in a crash does not matter. */
const BLOCK_PART = 100;

/**
 * What one process may give out of a day's quota without reading the record: a block that is already recorded as used.
 * The record is written before anything of the block is given out, so that no restart gives it out again.
 */
export interface DayAllowance {
  readonly day: number;
  /** Recorded use of the day's quota when the block was taken, the block included. */
  readonly recorded: number;
  /** What is left of the block. */
  readonly left: number;
}

/** Takes one from an allowance; undefined when there is none left, and a new block is needed. */
export function takeFromAllowance(
  allowance: DayAllowance | undefined,
  { day, max }: { readonly day: number; readonly max: number | null },
): DayAllowance | undefined {
  if (allowance === undefined || allowance.day !== day || allowance.left < 1) return undefined;
  // The quota may have been lowered since the block was taken.
  if (max !== null && usedOfAllowance(allowance) >= max) return undefined;
  return { ...allowance, left: allowance.left - 1 };
}

/** How much to record as the next block; 0 when the day's quota is used up. */
export function nextBlock(recorded: number, max: number | null): number {
  if (max === null) return BLOCK_MAX;
  const wanted = Math.min(BLOCK_MAX, Math.max(1, Math.floor(max / BLOCK_PART)));
  return Math.max(0, Math.min(wanted, max - recorded));
}

/** What has really been used, as far as this process knows. */
export function usedOfAllowance({ recorded, left }: DayAllowance): number {
  return recorded - left;
}
