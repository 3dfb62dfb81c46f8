import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DueQueue } from './due-queue.ts';

it('a due queue returns what is due, soonest first, equal instants in their order', () => {
  const action = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ takeUntil: fc.integer({ min: 0, max: 20 }) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 100 }), (actions) => {
      const queue = new DueQueue<number>();
      let plain: { dueMs: number; event: number }[] = [];
      for (const [event, step] of actions.entries()) {
        if ('add' in step) {
          queue.add(step.add, event);
          plain = [...plain, { dueMs: step.add, event }].sort((a, b) => a.dueMs - b.dueMs || a.event - b.event);
        } else {
          const [first] = plain;
          const expected = first !== undefined && first.dueMs <= step.takeUntil ? first : undefined;
          if (expected !== undefined) plain = plain.slice(1);
          expect(queue.takeDue(step.takeUntil)?.event).toBe(expected?.event);
        }
      }
    }),
    { numRuns: 300 },
  );
});
