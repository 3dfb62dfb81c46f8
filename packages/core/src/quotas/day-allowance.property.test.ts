import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DayAllowance, nextBlock, takeFromAllowance, usedOfAllowance } from './day-allowance.ts';

/** One process with the record, as the rate limiter uses them; only the record survives a crash. */
function createMeter(record: Map<number, number>) {
  let allowance: DayAllowance | undefined;
  return {
    take(day: number, max: number | null): boolean {
      for (;;) {
        const after = takeFromAllowance(allowance, { day, max });
        if (after !== undefined) {
          allowance = after;
          return true;
        }
        const before = record.get(day) ?? 0;
        const block = nextBlock(before, max);
        if (block === 0) return false;
        record.set(day, before + block);
        allowance = { day, recorded: before + block, left: block };
      }
    },
    used: (day: number) => (allowance?.day === day ? usedOfAllowance(allowance) : (record.get(day) ?? 0)),
    stop(): void {
      if (allowance !== undefined) record.set(allowance.day, (record.get(allowance.day) ?? 0) - allowance.left);
      allowance = undefined;
    },
  };
}

const maxima = fc.option(fc.integer({ min: 0, max: 400 }), { freq: 8 });
const doings = fc.array(
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({ type: fc.constant('take' as const), times: fc.integer({ min: 1, max: 60 }) }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('crash' as const) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('stop' as const) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('tomorrow' as const) }) },
  ),
  { maxLength: 40 },
);

describe('the daily allowance', () => {
  it('never exceeds the quota, with crashes and restarts, and uses exactly the quota without a crash', () => {
    fc.assert(
      fc.property(maxima, doings, (max, all) => {
        const record = new Map<number, number>();
        let meter = createMeter(record);
        let [day, given, asked, isCrashed] = [0, 0, 0, false];
        const check = () => {
          if (max !== null) expect(given).toBeLessThanOrEqual(max);
          if (isCrashed) return;
          expect(given).toBe(max === null ? asked : Math.min(asked, max));
          expect(meter.used(day)).toBe(given);
        };
        for (const doing of all) {
          if (doing.type === 'take') {
            for (let i = 0; i < doing.times; i += 1) given += Number(meter.take(day, max));
            asked += doing.times;
          } else if (doing.type === 'tomorrow') {
            [day, given, asked, isCrashed] = [day + 1, 0, 0, false];
          } else {
            if (doing.type === 'stop') meter.stop();
            else isCrashed = true;
            meter = createMeter(record);
          }
          check();
        }
      }),
    );
  });

  it('loses little to a crash, and nothing of a small quota', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (max, before) => {
        const block = nextBlock(before % max, max);
        expect(block).toBeGreaterThan(0);
        expect(block).toBeLessThanOrEqual(Math.max(1, max / 100));
      }),
    );
    expect(nextBlock(10, 10)).toBe(0);
    expect(nextBlock(12, 10)).toBe(0);
  });

  it('stops at once when the quota is lowered below what is used', () => {
    const allowance = { day: 1, recorded: 100, left: 60 };
    expect(takeFromAllowance(allowance, { day: 1, max: 41 })).toEqual({ ...allowance, left: 59 });
    expect(takeFromAllowance(allowance, { day: 1, max: 40 })).toBeUndefined();
    expect(takeFromAllowance(allowance, { day: 2, max: 41 })).toBeUndefined();
  });
});
