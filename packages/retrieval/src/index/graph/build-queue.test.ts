import { describe, expect, it } from 'vitest';
import { IndexError } from '../index-error.ts';
import { type BuildOutcome, createBuildQueue } from './build-queue.ts';

const QUIET_MS = 10_000;
const STORE = 'vs_a';

/** A queue with a fake clock. Each build takes `buildMs` of it. */
function setUp({ outcome = 'made' as BuildOutcome, buildMs = 0, fails = null as Error | null } = {}) {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; work: () => void }>();
  const builds: { storeId: string; isQuiet: boolean; atMs: number }[] = [];
  const errors: unknown[] = [];
  let adoptedCount = 0;
  const state = { outcome };
  const queue = createBuildQueue({
    rowsBetween: 100,
    quietMs: QUIET_MS,
    async build(storeId, isQuiet) {
      builds.push({ storeId, isQuiet, atMs: nowMs });
      nowMs += buildMs;
      if (fails !== null) throw fails;
      return state.outcome;
    },
    async adopt() {
      adoptedCount += 1;
    },
    onError: (_, error) => errors.push(error),
    now: () => nowMs,
    later(delayMs, work) {
      const timer = { atMs: nowMs + delayMs, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const turn = async (): Promise<void> => {
    for (let n = 0; n < 20; n += 1) await Promise.resolve();
  };
  return {
    queue,
    builds,
    errors,
    state,
    adoptedCount: () => adoptedCount,
    turn,
    async pass(ms: number): Promise<void> {
      const untilMs = nowMs + ms;
      await turn();
      while (true) {
        const next = [...timers].sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > untilMs) break;
        timers.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.work();
        await turn();
      }
      nowMs = Math.max(nowMs, untilMs);
    },
  };
}

describe('the queue of graph builds', () => {
  it('adds rows to the graph after a time without writes, however few they are', async () => {
    const { queue, builds, pass, adoptedCount } = setUp();
    queue.changed(STORE, 1);
    await pass(QUIET_MS - 1);
    expect(builds).toEqual([]);
    await pass(1);
    expect(builds).toEqual([{ storeId: STORE, isQuiet: true, atMs: QUIET_MS }]);
    expect(adoptedCount()).toBe(1);
    await pass(100 * QUIET_MS);
    expect(builds).toHaveLength(1);
  });

  it('waits for the last write', async () => {
    const { queue, builds, pass } = setUp();
    for (let n = 0; n < 3; n += 1) {
      queue.changed(STORE, 1);
      await pass(QUIET_MS / 2);
    }
    expect(builds).toEqual([]);
    await pass(QUIET_MS / 2);
    expect(builds.map(({ isQuiet }) => isQuiet)).toEqual([true]);
  });

  it('does not wait for ever when writes never pause', async () => {
    const { queue, builds, pass } = setUp();
    for (let n = 0; n < 14; n += 1) {
      queue.changed(STORE, 1);
      await pass(QUIET_MS / 2);
    }
    expect(builds.map(({ isQuiet }) => isQuiet)).toEqual([true]);
  });

  it('checks at once when many rows changed, and again when the store is quiet', async () => {
    const { queue, builds, pass, turn } = setUp({ outcome: 'kept' });
    queue.changed(STORE, 100);
    await turn();
    expect(builds.map(({ isQuiet }) => isQuiet)).toEqual([false]);
    await pass(QUIET_MS);
    expect(builds.map(({ isQuiet }) => isQuiet)).toEqual([false, true]);
  });

  it('works for a sixth of the time at most when few rows come again and again', async () => {
    const buildMs = 6_000;
    const { queue, builds, pass } = setUp({ buildMs });
    const endMs = 600_000;
    for (let ms = 0; ms < endMs; ms += 1_000) {
      queue.changed(STORE, 1);
      await pass(1_000);
    }
    expect(builds.length).toBeGreaterThan(1);
    expect(builds.length * buildMs).toBeLessThanOrEqual(endMs / 6 + buildMs);
  });

  it('checks a small store only when many rows changed, until it needs a graph', async () => {
    const { queue, builds, pass, state } = setUp({ outcome: 'not_needed' });
    queue.changed(STORE, 1);
    await pass(QUIET_MS);
    expect(builds).toHaveLength(1);
    queue.changed(STORE, 1);
    await pass(10 * QUIET_MS);
    expect(builds).toHaveLength(1);
    state.outcome = 'made';
    queue.changed(STORE, 100);
    await pass(QUIET_MS);
    expect(builds.map(({ isQuiet }) => isQuiet)).toEqual([true, false, true]);
  });

  it('ignores a store that was dropped', async () => {
    const { queue, builds, pass } = setUp();
    queue.changed(STORE, 1);
    queue.forget(STORE);
    await pass(10 * QUIET_MS);
    expect(builds).toEqual([]);
  });

  it('is settled when every row is in a graph, without a wait', async () => {
    const { queue, builds } = setUp();
    queue.changed(STORE, 100);
    queue.changed('vs_b', 1);
    await queue.settled();
    expect(builds.map(({ storeId, isQuiet }) => [storeId, isQuiet])).toEqual([
      [STORE, false],
      [STORE, true],
      ['vs_b', true],
    ]);
  });

  it('reports a failure, but not of a store that no longer exists', async () => {
    const failed = setUp({ fails: new Error('disk') });
    failed.queue.changed(STORE, 100);
    await failed.queue.settled();
    expect(failed.errors).toEqual([new Error('disk'), new Error('disk')]);
    const gone = setUp({ fails: new IndexError('store_not_found', 'Gone.') });
    gone.queue.changed(STORE, 100);
    await gone.queue.settled();
    expect(gone.errors).toEqual([]);
  });
});
