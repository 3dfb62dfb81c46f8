/** A point in the units of the data. */
export interface ChartPoint {
  readonly at: number;
  readonly value: number;
}

export interface ChartBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface ChartScale {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  /** Values for the lines of the grid, from 0 up. */
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10] as const;
const TICKS = 4;

/** Maps points to a box. The value axis begins at 0; its lines are at round numbers in units of 1000. */
export function scaleOf(points: readonly ChartPoint[], box: ChartBox): ChartScale {
  const times = points.map(({ at }) => at);
  const from = Math.min(...times);
  const to = Math.max(...times);
  const step = roundStep(Math.max(0, ...points.map(({ value }) => value)) / TICKS);
  const top = step * TICKS;
  return {
    x: (at) =>
      to === from ? (box.left + box.right) / 2 : box.left + ((at - from) / (to - from)) * (box.right - box.left),
    y: (value) => box.bottom - (value / top) * (box.bottom - box.top),
    ticks: Array.from({ length: TICKS + 1 }, (_, index) => index * step),
  };
}

/** The smallest round number that is not below this. */
function roundStep(least: number): number {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return (STEPS.find((step) => step * power >= least) ?? 10) * power;
}
