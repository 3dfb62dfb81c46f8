import { describe, expect, it } from 'vitest';
import { workOff } from './work-off.ts';

const ITEMS = Array.from({ length: 20 }, (_, n) => n);
const context = (concurrency: number, signal = new AbortController().signal) =>
  ({ connection: { concurrency }, signal }) as Parameters<typeof workOff>[1];
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason));
  });
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('workOff', () => {
  it('processes every item once, in order, and never more at a time than allowed', async () => {
    const taken: number[] = [];
    let inHand = 0;
    let most = 0;
    await workOff(ITEMS, context(3), async (item) => {
      taken.push(item);
      inHand += 1;
      most = Math.max(most, inHand);
      await turn();
      inHand -= 1;
    });
    expect(taken).toEqual(ITEMS);
    expect(most).toBe(3);
  });

  it('stops at the first error, aborts the items in progress, waits for them and throws that error', async () => {
    const taken: number[] = [];
    const first = new Error('first');
    let inHand = 0;
    const work = workOff(ITEMS, context(4), async (item, signal) => {
      taken.push(item);
      inHand += 1;
      try {
        await turn();
        if (item === 5) throw first;
        if (item > 2) await untilAborted(signal);
      } finally {
        inHand -= 1;
      }
    });
    await expect(work).rejects.toBe(first);
    expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(inHand).toBe(0);
  });

  it('ends with the reason of the run’s own signal', async () => {
    const controller = new AbortController();
    const taken: number[] = [];
    const reason = new Error('cancelled');
    const work = workOff(ITEMS, context(2, controller.signal), async (item) => {
      taken.push(item);
      if (item === 3) controller.abort(reason);
      await turn();
    });
    await expect(work).rejects.toBe(reason);
    expect(taken).toEqual([0, 1, 2, 3]);
  });

  it('returns at once for an empty list', async () => {
    await expect(workOff([], context(4), () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });
});
