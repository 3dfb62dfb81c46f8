import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReadingGate, type ReadingTurn } from './reading-gate.ts';

describe('createReadingGate', () => {
  it('admits all callers once earlier exclusive ones are done, and none beside an exclusive one', async () => {
    const steps = fc.array(fc.oneof(fc.record({ enter: fc.boolean() }), fc.record({ leave: fc.nat({ max: 20 }) })), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const gate = createReadingGate();
        const visits: { visit: ReadingTurn; isAlone: boolean; isIn: boolean; isGone: boolean }[] = [];
        const check = async () => {
          await Promise.resolve();
          const present = visits.filter(({ isIn, isGone }) => isIn && !isGone);
          expect(present.length === 1 || present.every(({ isAlone }) => !isAlone)).toBe(true);
          const wait = visits.filter(({ isIn, isGone }) => !isIn && !isGone);
          // Every waiting caller has a reason to wait.
          if (wait.length > 0) expect(present.length).toBeGreaterThan(0);
        };
        for (const step of all) {
          if ('enter' in step) {
            const entry = { visit: gate.enter(step.enter), isAlone: step.enter, isIn: false, isGone: false };
            void entry.visit.admitted.then(() => {
              entry.isIn = true;
            });
            visits.push(entry);
          } else {
            const entry = visits[step.leave];
            if (entry === undefined) continue;
            entry.isGone = true;
            entry.visit.leave();
          }
          await check();
        }
        for (const entry of visits) {
          await entry.visit.admitted;
          entry.isGone = true;
          entry.visit.leave();
        }
      }),
    );
  });

  it('skips a caller that leaves before being admitted', async () => {
    const gate = createReadingGate();
    const first = gate.enter(true);
    const second = gate.enter(true);
    second.leave();
    await second.admitted;
    const third = gate.enter(false);
    first.leave();
    await third.admitted;
  });
});
