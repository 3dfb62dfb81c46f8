import { describe, expect, it } from 'vitest';
import { createPacer } from './pacer.ts';
import { createSender, type UpstreamRequest } from './send.ts';
import type { Reply } from './transport.ts';

/* The whole pacing against a server with a rate limit, in simulated time: hours of 429 in milliseconds. */

/** A clock whose timers fire in order, when all pending promises have settled. */
function createSimulatedTime() {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly fire: () => void }[] = [];
  return {
    now: () => nowMs,
    sleep: (ms: number) => new Promise<void>((resolve) => timers.push({ atMs: nowMs + ms, fire: resolve })),
    async runUntil(done: Promise<unknown>): Promise<void> {
      let isDone = false;
      const finish = () => {
        isDone = true;
      };
      done.then(finish, finish);
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (isDone) return;
        const next = timers.reduce((first, timer) => (timer.atMs < first.atMs ? timer : first));
        timers = timers.filter((timer) => timer !== next);
        nowMs = next.atMs;
        next.fire();
      }
    },
  };
}

interface ServerOptions {
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly latencyMs: number;
  /** Whether a 429 has a `retry-after` header. */
  readonly hasRetryAfter: boolean;
}

function simulate(options: ServerOptions) {
  const time = createSimulatedTime();
  let tokens = options.burst;
  let refilledAtMs = 0;
  let sentCount = 0;
  let refusedCount = 0;
  const pacer = createPacer(8, time.sleep);
  let seed = 7;
  const send = createSender({
    pacer,
    transport: {
      async send(): Promise<Reply> {
        sentCount++;
        await time.sleep(options.latencyMs);
        const earned = ((time.now() - refilledAtMs) * options.ratePerSecond) / 1000;
        tokens = Math.min(options.burst, tokens + earned);
        refilledAtMs = time.now();
        if (tokens >= 1) {
          tokens--;
          return { isOk: true, status: 200, body: {}, headers: new Headers() };
        }
        refusedCount++;
        const waitMs = Math.ceil(((1 - tokens) * 1000) / options.ratePerSecond);
        const headers = new Headers(options.hasRetryAfter ? { 'retry-after-ms': String(waitMs) } : {});
        return { isOk: false, failure: { type: 'status', status: 429, headers, body: {} } };
      },
    },
    retry: { retryMax: 4, backoffMs: 500 },
    random: () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    },
    now: time.now,
    sleep: time.sleep,
    onRateLimited: () => {},
    context: { host: 'localhost', secrets: [] },
  });
  return { time, send, pacer, counts: () => ({ sentCount, refusedCount }) };
}

const background: UpstreamRequest = { path: '/files', subject: null, isInteractive: false, signal: undefined };

describe('two thousand calls to a server that allows fifty a second', () => {
  it.each([true, false])(
    'all succeed, near its rate and with few rejections (retry-after: %s)',
    async (hasRetryAfter) => {
      const { time, send, counts } = simulate({ ratePerSecond: 50, burst: 5, latencyMs: 100, hasRetryAfter });
      const results = Promise.allSettled(Array.from({ length: 2_000 }, () => send(background)));
      await time.runUntil(results);
      expect((await results).filter((result) => result.status === 'rejected')).toEqual([]);
      const { sentCount, refusedCount } = counts();
      expect(sentCount).toBe(2_000 + refusedCount);
      expect(refusedCount).toBeLessThan(2_000 * 0.1);
      // 40 s at the server's rate; the rest is the cost of finding that rate.
      expect(time.now()).toBeLessThan(hasRetryAfter ? 50_000 : 70_000);
    },
  );

  it('let an interactive call wait no longer than a pause', async () => {
    const { time, send } = simulate({ ratePerSecond: 50, burst: 5, latencyMs: 100, hasRetryAfter: true });
    const all = Promise.allSettled(Array.from({ length: 2_000 }, () => send(background)));
    const waitsMs: number[] = [];
    const person = (async () => {
      for (let n = 0; n < 50; n++) {
        const startedAtMs = time.now();
        await send({ ...background, isInteractive: true }).catch(() => {});
        waitsMs.push(time.now() - startedAtMs);
        await time.sleep(300);
      }
    })();
    await time.runUntil(Promise.all([all, person]));
    expect(waitsMs).toHaveLength(50);
    expect(Math.max(...waitsMs)).toBeLessThan(1_000);
  });
});

describe('a server that always answers 429', () => {
  it('fails every call after five tries, one pause after the other', async () => {
    const { time, send, counts, pacer } = simulate({ ratePerSecond: 0, burst: 0, latencyMs: 10, hasRetryAfter: false });
    const results = Promise.allSettled(Array.from({ length: 100 }, () => send(background)));
    await time.runUntil(results);
    expect((await results).every((result) => result.status === 'rejected')).toBe(true);
    expect(counts()).toEqual({ sentCount: 500, refusedCount: 500 });
    expect(pacer.state).toMatchObject({ limit: 1, sharedInUse: 0, reserveInUse: 0 });
  });
});
