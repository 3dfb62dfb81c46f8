/** Taken out of the day's quota at a time where nothing is near: as many may be lost to a crash, and none given twice. */
const BLOCK_MAX = 100;
/** A block is so small a part of the quota that losing one to a crash is not felt. */
const BLOCK_PART = 100;

/**
 * What one process may give out of a day's quota without asking the record: a block that is on record as used already.
 * The record is written before anything is given out of the block, so that no restart gives the same thing again.
 */
export interface DayAllowance {
  readonly day: number;
  /** Used of the day's quota as the record had it when the block was taken, the block included. */
  readonly recorded: number;
  /** Still to be given out of the block. */
  readonly left: number;
}

/** Takes one out of an allowance; undefined when there is none to take, and the record must be asked. */
export function takeFromAllowance(
  allowance: DayAllowance | undefined,
  { day, max }: { readonly day: number; readonly max: number | null },
): DayAllowance | undefined {
  if (allowance === undefined || allowance.day !== day || allowance.left < 1) return undefined;
  // The quota may have been lowered since the block was taken.
  if (max !== null && usedOfAllowance(allowance) >= max) return undefined;
  return { ...allowance, left: allowance.left - 1 };
}

/** How much to put on record as the next block; 0 when the day's quota is used up. */
export function nextBlock(recorded: number, max: number | null): number {
  if (max === null) return BLOCK_MAX;
  const wanted = Math.min(BLOCK_MAX, Math.max(1, Math.floor(max / BLOCK_PART)));
  return Math.max(0, Math.min(wanted, max - recorded));
}

/** What has truly been used, as far as the process of this allowance knows. */
export function usedOfAllowance({ recorded, left }: DayAllowance): number {
  return recorded - left;
}
