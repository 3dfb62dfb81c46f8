import { describe, expect, it } from 'vitest';
import { createPacer, type Ticket } from './pacer.ts';
import { INTERACTIVE_SLOTS, initialPacerState, rateLimited, released, succeeded, taken } from './pacer-state.ts';

const background = { isInteractive: false, isRetry: false, signal: undefined };
const retry = { ...background, isRetry: true };
const interactive = { ...background, isInteractive: true };

/** A pacer whose pauses are ended by the test. */
function pacerWithPauses(limitMax: number) {
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  const pacer = createPacer(limitMax, (ms) => new Promise((resolve) => pauses.push({ ms, end: resolve })));
  return { pacer, pauses };
}

/** Acquires and records the order in which the tickets were given. */
function acquireAll(acquire: () => Promise<Ticket>, count: number): { readonly given: Ticket[] } {
  const given: Ticket[] = [];
  for (let n = 0; n < count; n++) void acquire().then((ticket) => given.push(ticket));
  return { given };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function ticketOf(tickets: readonly Ticket[], index = 0): Ticket {
  const ticket = tickets[index];
  if (ticket === undefined) throw new Error('no such ticket');
  return ticket;
}

describe('the pacer', () => {
  it('starts at most the limit, then one for each that ends', async () => {
    const { pacer } = pacerWithPauses(3);
    const { given } = acquireAll(() => pacer.acquire(background), 10);
    await settled();
    expect(given).toHaveLength(3);
    pacer.release(ticketOf(given), true);
    await settled();
    expect(given).toHaveLength(4);
  });

  it('keeps two slots for interactive calls, however long the queue', async () => {
    const { pacer } = pacerWithPauses(2);
    acquireAll(() => pacer.acquire(background), 100);
    const { given } = acquireAll(() => pacer.acquire(interactive), 3);
    await settled();
    expect(given).toHaveLength(INTERACTIVE_SLOTS);
    expect(pacer.state).toMatchObject({ sharedInUse: 2, reserveInUse: 2 });
  });

  it('gives a free shared slot to an interactive call first, then to a retry, then to a new call', async () => {
    const { pacer } = pacerWithPauses(1);
    const order: string[] = [];
    const start = async (name: string, options: typeof background) => {
      const ticket = await pacer.acquire(options);
      order.push(name);
      return ticket;
    };
    const held = await start('held', background);
    await Promise.all([start('reserve', interactive), start('reserve', interactive)]);
    const fresh = start('fresh', background);
    const retried = start('retry', retry);
    const person = start('interactive', interactive);
    pacer.release(held, true);
    pacer.release(await person, true);
    pacer.release(await retried, true);
    await fresh;
    expect(order).toEqual(['held', 'reserve', 'reserve', 'interactive', 'retry', 'fresh']);
  });

  it('starts no call after a 429, interactive ones included, until the pause ends', async () => {
    const { pacer, pauses } = pacerWithPauses(4);
    const ticket = await pacer.acquire(background);
    pacer.releaseRateLimited(ticket, 7_000);
    const waiting = acquireAll(() => pacer.acquire(background), 4);
    const person = acquireAll(() => pacer.acquire(interactive), 1);
    await settled();
    expect([waiting.given.length, person.given.length]).toEqual([0, 0]);
    expect(pauses.map((pause) => pause.ms)).toEqual([7_000]);
    expect(pacer.pauseMs).toBe(7_000);
    pauses[0]?.end();
    await settled();
    expect([waiting.given.length, person.given.length]).toEqual([2, 1]);
    expect(pacer.pauseMs).toBe(0);
  });

  it('resumes when the longest of several pauses ends', async () => {
    const { pacer, pauses } = pacerWithPauses(2);
    const [first, second] = await Promise.all([pacer.acquire(background), pacer.acquire(background)]);
    pacer.releaseRateLimited(first, 1_000);
    pacer.releaseRateLimited(second, 9_000);
    const { given } = acquireAll(() => pacer.acquire(background), 1);
    pauses[0]?.end();
    await settled();
    expect(given).toHaveLength(0);
    expect(pacer.pauseMs).toBe(9_000);
    pauses[1]?.end();
    await settled();
    expect(given).toHaveLength(1);
  });

  it('halves once for a burst of 429, however many calls were running', async () => {
    const { pacer } = pacerWithPauses(8);
    const tickets = await Promise.all(Array.from({ length: 8 }, () => pacer.acquire(background)));
    for (const ticket of tickets) pacer.releaseRateLimited(ticket, 0);
    expect(pacer.state.limit).toBe(4);
  });

  it('rejects a waiting call at once when its signal is aborted', async () => {
    const { pacer } = pacerWithPauses(1);
    const held = await pacer.acquire(background);
    const controller = new AbortController();
    const waiting = pacer.acquire({ ...background, signal: controller.signal });
    const next = acquireAll(() => pacer.acquire(background), 1);
    controller.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    pacer.release(held, true);
    await settled();
    expect(next.given).toHaveLength(1);
    expect(pacer.state.sharedInUse).toBe(1);
  });
});

describe('the limit of the pacer', () => {
  const limitAfter429 = (limit: number) => rateLimited({ ...initialPacerState(16), limit }, 0).limit;

  it('halves down to one, never below', () => {
    expect([16, 8, 5, 1.5, 1].map(limitAfter429)).toEqual([8, 4, 2.5, 1, 1]);
  });

  it('grows by one for each round of responses, up to its maximum', () => {
    let state = rateLimited(initialPacerState(8), 0);
    const limits: number[] = [];
    for (let answer = 0; answer < 40; answer++) {
      state = succeeded(state, state.epoch);
      limits.push(state.limit);
    }
    expect(limits[3]).toBeCloseTo(5, 0);
    expect(limits[8]).toBeCloseTo(6, 0);
    expect(limits.at(-1)).toBe(8);
  });

  it('does not grow by responses to calls from before the cut', () => {
    const cut = rateLimited(initialPacerState(8), 0);
    expect(succeeded(cut, 0)).toEqual(cut);
  });

  it('is released exactly as acquired', () => {
    const state = initialPacerState(4);
    expect(released(taken(state, 'shared'), 'shared')).toEqual(state);
    expect(released(taken(state, 'reserve'), 'reserve')).toEqual(state);
  });
});
