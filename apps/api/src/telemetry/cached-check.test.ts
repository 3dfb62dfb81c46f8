import { expect, it } from 'vitest';
import { createCachedCheck } from './cached-check.ts';

function setUp() {
  const state = { nowMs: 0, isWell: true, looks: 0 };
  const look = async () => {
    state.looks += 1;
    await Promise.resolve();
    return { isWell: state.isWell, number: state.looks };
  };
  const ask = createCachedCheck(look, { ttlMs: 1_000, nowMs: () => state.nowMs, isWell: (found) => found.isWell });
  return { state, ask };
}

it('a thousand concurrent calls cause one check, and calls within the time none', async () => {
  const { state, ask } = setUp();
  await Promise.all(Array.from({ length: 1_000 }, ask));
  state.nowMs = 999;
  expect(await ask()).toEqual({ isWell: true, number: 1 });
  expect(state.looks).toBe(1);
  state.nowMs = 1_000;
  expect(await ask()).toEqual({ isWell: true, number: 2 });
});

it('an unhealthy result is checked again, but never twice at once', async () => {
  const { state, ask } = setUp();
  state.isWell = false;
  await Promise.all([ask(), ask()]);
  expect(state.looks).toBe(1);
  state.isWell = true;
  expect(await ask()).toMatchObject({ isWell: true });
});

it('a failed check is not cached', async () => {
  let fails = true;
  const ask = createCachedCheck(
    async () => {
      if (fails) throw new Error('not now');
      return 'found';
    },
    { ttlMs: 1_000, nowMs: () => 0, isWell: () => true },
  );
  await expect(ask()).rejects.toThrow('not now');
  fails = false;
  expect(await ask()).toBe('found');
});
