import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createThrottle } from './throttle.ts';

const RULE = { burst: 5, intervalMs: 1_000 } as const;
const START_MS = 1_800_000_000_000;
/** Each name has a counter of its own. */
const spread = (text: string) => Number(text);

it('the throttle allows exactly what a bucket of counted tokens allows, and returns the exact wait', () => {
  const step = fc.record({ pauseMs: fc.constantFrom(0, 0, 500, 1_000, 10_000), name: fc.constantFrom('1', '2') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const throttle = createThrottle({ hash: spread, rule: RULE });
      const tokens = new Map<string, { count: number; atMs: number }>();
      let nowMs = START_MS;
      for (const { pauseMs, name } of steps) {
        nowMs += pauseMs;
        const { count, atMs } = tokens.get(name) ?? { count: RULE.burst, atMs: nowMs };
        const held = Math.min(RULE.burst, count + (nowMs - atMs) / RULE.intervalMs);
        const waitMs = throttle.count(name, nowMs);
        expect(waitMs).toBe(held >= 1 ? 0 : (1 - held) * RULE.intervalMs);
        tokens.set(name, { count: held >= 1 ? held - 1 : held, atMs: nowMs });
      }
    }),
  );
});

it('the throttle uses as much memory for a million names as for one', () => {
  const throttle = createThrottle({ hash: (text) => Number(text) * 2_654_435_761, rule: RULE, size: 16 });
  for (let name = 0; name < 100_000; name += 1) throttle.count(String(name), START_MS);
  // The counters are shared, so every caller is counted, and none is evicted.
  expect(throttle.count('1', START_MS)).toBeGreaterThan(0);
});
