import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceCertainTime, believe, CERTAIN_TIME_SETTINGS, type CertainTime, doubtedMs } from './certain-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 15);
const { jumpMaxMs, gapMaxMs, believedAfterMs } = CERTAIN_TIME_SETTINGS;

/**
 * What really passes between two readings, how the wall clock is set meanwhile, and whether the process is another one.
 */
const step = fc.record({
  passesMs: fc.oneof(fc.constant(MINUTE), fc.integer({ min: 0, max: 2 * HOUR })),
  setByMs: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: -500 * DAY, max: 500 * DAY }) },
    { weight: 1, arbitrary: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }) },
  ),
  isRestarted: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(
  steps: readonly Step[],
  each: (before: CertainTime, after: CertainTime, step: Step) => void,
): CertainTime {
  let known = believe(START);
  for (const one of steps) {
    const wallMs = known.wallMs + one.passesMs + one.setByMs;
    const after = advanceCertainTime(known, { wallMs, elapsedMs: one.isRestarted ? null : one.passesMs });
    each(known, after, one);
    known = after;
  }
  return known;
}

describe('certain time', () => {
  it('is never ahead of the wall clock', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        play(steps, (_, after) => expect(doubtedMs(after)).toBeGreaterThanOrEqual(0));
      }),
    );
  });

  it('moves in one reading by no more than what passed and the tolerance, except when a jump is accepted after its waiting time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        play(steps, (before, after, { passesMs, isRestarted }) => {
          if (doubtedMs(after) === 0 && before.agreedMs + passesMs >= believedAfterMs) return;
          const allowed = passesMs + (isRestarted ? gapMaxMs : jumpMaxMs) + jumpMaxMs;
          expect(after.certainMs - before.certainMs).toBeLessThanOrEqual(allowed);
        });
      }),
    );
  });

  it('equals the wall clock as long as the clock is not set, whatever restarts there are', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const end = play(
          steps.map((one) => ({ ...one, setByMs: 0 })),
          () => undefined,
        );
        expect(doubtedMs(end)).toBe(0);
      }),
    );
  });

  it('holds a jump of 400 days for three days of agreement, across restarts, and then accepts it', () => {
    let known = advanceCertainTime(believe(START), { wallMs: START + 400 * DAY + MINUTE, elapsedMs: MINUTE });
    expect(doubtedMs(known)).toBe(400 * DAY);
    const last = believedAfterMs / MINUTE;
    for (let minute = 1; minute <= last; minute += 1) {
      expect(doubtedMs(known)).toBeGreaterThanOrEqual(400 * DAY);
      // Every hour another process reads first: the time in between is not counted.
      const isRestarted = minute % 60 === 0;
      known = advanceCertainTime(known, { wallMs: known.wallMs + MINUTE, elapsedMs: isRestarted ? null : MINUTE });
    }
    expect(doubtedMs(known)).toBeGreaterThan(0);
    for (let minute = 0; minute < 2 * 72; minute += 1)
      known = advanceCertainTime(known, { wallMs: known.wallMs + MINUTE, elapsedMs: MINUTE });
    expect(doubtedMs(known)).toBe(0);
  });

  it('holds nothing after the clock is set right again within 70 seconds', () => {
    const ahead = advanceCertainTime(believe(START), { wallMs: START + 400 * DAY, elapsedMs: MINUTE });
    const right = advanceCertainTime(ahead, { wallMs: START + MINUTE + 70_000, elapsedMs: 70_000 });
    expect(right).toEqual(believe(START + MINUTE + 70_000));
  });

  it('also holds the way forward after the clock was set back, because events of that time have early dates', () => {
    const back = advanceCertainTime(believe(START), { wallMs: START - 400 * DAY, elapsedMs: MINUTE });
    expect(doubtedMs(back)).toBe(0);
    const again = advanceCertainTime(back, { wallMs: START + 2 * MINUTE, elapsedMs: MINUTE });
    expect(again.certainMs).toBe(START - 400 * DAY + MINUTE);
  });

  it.each([
    ['a weekend between two processes', 2.5 * DAY, null, 0],
    ['three weeks between two processes', 21 * DAY, null, 21 * DAY],
    ['an hour more than was counted', HOUR + MINUTE, MINUTE, 0],
    ['two hours more than were counted', 2 * HOUR + MINUTE, MINUTE, 2 * HOUR],
    ['a machine that slept, where the counting clock counts sleep', 9 * HOUR, 9 * HOUR, 0],
  ])('handles %s', (_, movedMs, elapsedMs, expected) => {
    const next = advanceCertainTime(believe(START), { wallMs: START + movedMs, elapsedMs });
    expect(doubtedMs(next)).toBe(expected);
  });
});
