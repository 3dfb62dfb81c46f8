import { expect, it } from 'vitest';
import { createEventLoopThrottle } from './event-loop-throttle.ts';

/** A manual event loop: each turn runs its queue, and what starts in it takes its time. */
function createLoop() {
  let nowMs = 0;
  let putOff: (() => void)[] = [];
  const throttle = createEventLoopThrottle({
    nowMs: () => nowMs,
    nextTurn: (callback) => void putOff.push(callback),
    turnMs: 10,
  });
  const begun: string[] = [];
  return {
    begun,
    arrive(name: string, workMs: number): void {
      void throttle().then(() => {
        begun.push(name);
        nowMs += workMs;
      });
    },
    async turn(): Promise<void> {
      const now = putOff;
      putOff = [];
      for (const callback of now) {
        callback();
        await settled();
      }
    },
  };
}

async function settled(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await Promise.resolve();
}

it('the event-loop throttle starts a single request at once', async () => {
  const loop = createLoop();
  loop.arrive('a', 50);
  await settled();
  expect(loop.begun).toEqual(['a']);
});

it('the event-loop throttle starts no request in a turn that has lasted too long, and starts all of them in order', async () => {
  const loop = createLoop();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    loop.arrive(name, 6);
    await settled();
  }
  expect(loop.begun).toEqual(['a', 'b']);
  await loop.turn();
  expect(loop.begun).toEqual(['a', 'b', 'c', 'd']);
  // A later request queues behind the waiting ones.
  loop.arrive('g', 1);
  await settled();
  expect(loop.begun).toHaveLength(4);
  await loop.turn();
  expect(loop.begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  await loop.turn();
  expect(loop.begun.join('')).toBe('abcdefg');
});
