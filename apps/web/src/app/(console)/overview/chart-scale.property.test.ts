import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleOf } from './chart-scale.ts';

const BOX = { left: 40, top: 10, right: 600, bottom: 180 };
const points = fc.array(
  fc.record({ at: fc.integer({ min: 0, max: 2e9 }), value: fc.integer({ min: 0, max: 2 ** 50 }) }),
  { minLength: 1, maxLength: 60 },
);

describe('the scale of the chart', () => {
  it('keeps every point in the box, in the order of its time and value', () => {
    fc.assert(
      fc.property(points, (all) => {
        const { x, y } = scaleOf(all, BOX);
        for (const { at, value } of all) {
          expect(x(at)).toBeGreaterThanOrEqual(BOX.left);
          expect(x(at)).toBeLessThanOrEqual(BOX.right);
          expect(y(value)).toBeGreaterThanOrEqual(BOX.top - 1e-6);
          expect(y(value)).toBeLessThanOrEqual(BOX.bottom);
        }
        const inTime = all.toSorted((a, b) => a.at - b.at).map(({ at }) => x(at));
        expect(inTime).toEqual(inTime.toSorted((a, b) => a - b));
      }),
    );
  });

  it('has round lines from 0 to at least the largest value, and uses at least a third of the height', () => {
    fc.assert(
      fc.property(points, (all) => {
        const { ticks } = scaleOf(all, BOX);
        const most = Math.max(...all.map(({ value }) => value));
        const last = ticks.at(-1) ?? 0;
        expect(ticks[0]).toBe(0);
        expect(last).toBeGreaterThanOrEqual(most);
        if (most >= 4) expect(last).toBeLessThanOrEqual(most * 3);
      }),
    );
  });
});
