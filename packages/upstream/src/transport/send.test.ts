import { describe, expect, it } from 'vitest';
import type { RequestFailure } from '../failures/failure.ts';
import { createPacer } from './pacer.ts';
import { createSender, type UpstreamRequest } from './send.ts';
import type { Reply } from './transport.ts';

const OK: Reply = { isOk: true, status: 200, body: {}, headers: new Headers() };

function fail(status: number, headers: Record<string, string> = {}, error: object = {}): Reply {
  return { isOk: false, failure: { type: 'status', status, headers: new Headers(headers), body: { error } } };
}

const request: UpstreamRequest = { path: '/files', subject: null, isInteractive: false, signal: undefined };
const interactive: UpstreamRequest = { ...request, isInteractive: true };

interface SetupOptions {
  readonly concurrency?: number;
  readonly random?: number;
  /** Sleeps last until the test ends them. */
  readonly isSleepHeld?: boolean;
}

/** A sender over scripted replies; the last one repeats. */
function setup(replies: readonly (Reply | Promise<Reply>)[], options: SetupOptions = {}) {
  const sleepsMs: number[] = [];
  const wakes: (() => void)[] = [];
  const sleep = (ms: number, signal?: AbortSignal) => {
    sleepsMs.push(ms);
    if (options.isSleepHeld !== true) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      wakes.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  };
  const sent: string[] = [];
  let rateLimitedCount = 0;
  const pacer = createPacer(options.concurrency ?? 8, sleep);
  const send = createSender({
    transport: {
      async send({ path, query }) {
        sent.push(query === undefined ? path : `${path}?${new URLSearchParams(query as Record<string, string>)}`);
        return (await replies[Math.min(sent.length - 1, replies.length - 1)]) ?? OK;
      },
    },
    pacer,
    retry: { retryMax: 4, backoffMs: 500 },
    random: () => options.random ?? 1,
    now: () => 0,
    sleep,
    onRateLimited: () => rateLimitedCount++,
    context: { host: 'localhost', secrets: [] },
  });
  return {
    send,
    pacer,
    sleepsMs,
    wake: () => wakes.shift()?.(),
    sent,
    sentCount: () => sent.length,
    rateLimitedCount: () => rateLimitedCount,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('retries of a request', () => {
  it('stop at the first success, after the exact backoff', async () => {
    const { send, sleepsMs, sentCount } = setup([fail(503), fail(500), fail(502), OK]);
    await send(request);
    expect(sentCount()).toBe(4);
    expect(sleepsMs).toEqual([500, 1000, 2000]);
  });

  it('end after four, with the last failure', async () => {
    const { send, sleepsMs, sentCount } = setup([fail(503), fail(500)]);
    await expect(send(request)).rejects.toMatchObject({ kind: 'unavailable', httpStatus: 500 });
    expect(sentCount()).toBe(5);
    expect(sleepsMs).toEqual([500, 1000, 2000, 4000]);
  });

  it.each<RequestFailure>([
    { type: 'connection', code: 'ECONNRESET', cause: null },
    { type: 'timeout' },
    { type: 'body', status: 200, reason: 'its answer was cut short', cause: null },
  ])('are made after a failure of type $type', async (failure) => {
    const { send, sentCount } = setup([{ isOk: false, failure }, OK]);
    await send(request);
    expect(sentCount()).toBe(2);
  });

  it.each([400, 404, 422])('are not made after HTTP %i', async (status) => {
    const { send, sentCount, sleepsMs } = setup([fail(status), OK]);
    await expect(send(request)).rejects.toMatchObject({ httpStatus: status });
    expect([sentCount(), sleepsMs.length]).toEqual([1, 0]);
  });

  it('wait as long as upstream says', async () => {
    const { send, sleepsMs } = setup([fail(503, { 'retry-after': '3' }), fail(429, { 'retry-after-ms': '70' }), OK]);
    await send(request);
    expect(sleepsMs).toEqual([3000, 70]);
  });

  it('are at most one for an interactive call', async () => {
    const { send, sentCount } = setup([fail(503)]);
    await expect(send(interactive)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(sentCount()).toBe(2);
  });

  it('keep their slot while they wait, so that a failing upstream gets no more requests than its slots', async () => {
    const { send, sentCount, wake } = setup([fail(503)], { concurrency: 2, isSleepHeld: true });
    const calls = Promise.allSettled(Array.from({ length: 6 }, () => send(request)));
    await settled();
    expect(sentCount()).toBe(2);
    for (let n = 0; n < 6 * 4; n++) {
      wake();
      await settled();
    }
    await calls;
    expect(sentCount()).toBe(6 * 5);
  });
});

describe('a 401 or 403', () => {
  it.each([401, 403])('is checked again, because a valid key may get a single HTTP %i', async (status) => {
    const { send, sent } = setup([fail(status), OK, OK]);
    await send(request);
    expect(sent).toEqual(['/files', '/vector_stores?limit=1', '/files']);
  });

  it('is final when the key is rejected again', async () => {
    const { send, sent } = setup([fail(401)]);
    await expect(send(request)).rejects.toMatchObject({ kind: 'unauthorized', httpStatus: 401 });
    await expect(send(request)).rejects.toThrow(/refused it again/);
    expect(sent).toHaveLength(4);
  });

  it('is final when the key works and the request is rejected twice, with a message that says so', async () => {
    const { send, sent } = setup([fail(403), OK, fail(403)]);
    await expect(send(request)).rejects.toThrow(
      /may not read files \(HTTP 403, twice, while the key works otherwise\)/,
    );
    expect(sent).toHaveLength(3);
    const refused = setup([fail(401), OK, fail(401)]);
    await expect(refused.send(request)).rejects.toThrow(/twice \(HTTP 401\), but accepts the key otherwise/);
  });

  it('leads to no statement about the key when the second check is not answered', async () => {
    const { send } = setup([fail(401), fail(400)]);
    await expect(send(request)).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.not.stringMatching(/refused it again/),
    });
    const limited = setup([fail(401), fail(429, { 'x-should-retry': 'false' })]);
    await expect(limited.send(request)).rejects.toMatchObject({ kind: 'rate_limited' });
  });

  it('is not checked again when upstream names the scope that the key lacks', async () => {
    const { send, sent } = setup([fail(401, {}, { message: 'Missing scopes: api.files.read.' })]);
    await expect(send(request)).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringMatching(/scope api\.files\.read is missing/),
    });
    expect(sent).toHaveLength(1);
  });

  it('is checked once for many requests at the same time', async () => {
    let release: (reply: Reply) => void = () => {};
    const look = new Promise<Reply>((resolve) => {
      release = resolve;
    });
    const { send, sent } = setup([fail(401), fail(401), fail(401), look, OK]);
    const calls = Promise.all([send(request), send(request), send(request)]);
    await settled();
    release(OK);
    await calls;
    expect(sent.filter((path) => path.includes('limit=1'))).toHaveLength(1);
    expect(sent).toHaveLength(7);
  });

  it('ends at once for a caller that aborts during the check', async () => {
    const controller = new AbortController();
    const { send, sent } = setup([fail(401), new Promise<Reply>(() => undefined)]);
    const call = send({ ...request, signal: controller.signal });
    await settled();
    controller.abort(new Error('cancelled'));
    await expect(call).rejects.toThrow('cancelled');
    expect(sent).toHaveLength(2);
  });
});

describe('a 429', () => {
  it('pauses all other calls until its time, and its own retry goes first', async () => {
    const { send, sentCount, wake, pacer, rateLimitedCount } = setup([fail(429, { 'retry-after': '2' }), OK], {
      concurrency: 1,
      isSleepHeld: true,
    });
    const order: string[] = [];
    const calls = [send(request).then(() => order.push('first')), send(request).then(() => order.push('second'))];
    await settled();
    expect([sentCount(), pacer.pauseMs, rateLimitedCount()]).toEqual([1, 2000, 1]);
    const late = send(request).then(() => order.push('late'));
    await settled();
    expect(sentCount()).toBe(1);
    wake();
    await Promise.all([...calls, late]);
    expect(order).toEqual(['first', 'second', 'late']);
    expect(sentCount()).toBe(4);
  });

  it('halves the concurrency, and responses restore it', async () => {
    const { send, pacer } = setup([fail(429), OK], { concurrency: 8 });
    await send(request);
    expect(pacer.state.limit).toBeCloseTo(4.25);
    for (let n = 0; n < 60; n++) await send(request);
    expect(pacer.state.limit).toBe(8);
  });

  it('is sent at most five times by one call when there is nothing else', async () => {
    const { send, sentCount, rateLimitedCount } = setup([fail(429, { 'retry-after': '0' })], { concurrency: 4 });
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => send(request)));
    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    expect([sentCount(), rateLimitedCount()]).toEqual([50, 50]);
  });

  it('is neither retried nor a reason to pause when the account is exhausted', async () => {
    const { send, sentCount, sleepsMs, pacer, rateLimitedCount } = setup([
      fail(429, { 'retry-after': '30' }, { code: 'insufficient_quota' }),
    ]);
    await expect(send(request)).rejects.toMatchObject({ kind: 'rate_limited' });
    expect([sentCount(), sleepsMs.length, pacer.state.limit, rateLimitedCount()]).toEqual([1, 0, 8, 1]);
  });

  it('makes the others wait even if it must not be retried itself', async () => {
    const { send, pacer } = setup([fail(429, { 'x-should-retry': 'false', 'retry-after': '9' })], {
      isSleepHeld: true,
    });
    await expect(send(request)).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(pacer.pauseMs).toBe(9000);
  });

  it('fails an interactive call at once when the pause is long, and lets it wait when it is short', async () => {
    const { send, sentCount, wake } = setup([fail(429, { 'retry-after': '42' }), OK], { isSleepHeld: true });
    const background = send(request);
    await settled();
    await expect(send(interactive)).rejects.toThrow('42 s');
    await expect(send(interactive)).rejects.toMatchObject({ kind: 'rate_limited', httpStatus: 429 });
    expect(sentCount()).toBe(1);
    wake();
    await background;

    const short = setup([fail(429, { 'retry-after': '5' }), OK], { isSleepHeld: true });
    const person = short.send(interactive);
    await settled();
    short.wake();
    await person;
    expect(short.sentCount()).toBe(2);
  });
});

describe('an aborted call', () => {
  const reason = new Error('cancelled');

  it('ends at once in its backoff and releases its slot', async () => {
    const { send, pacer, sentCount } = setup([fail(503)], { isSleepHeld: true });
    const controller = new AbortController();
    const call = send({ ...request, signal: controller.signal });
    await settled();
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect([sentCount(), pacer.state.sharedInUse]).toEqual([1, 0]);
  });

  it('ends at once in a pause', async () => {
    const { send, pacer, sentCount } = setup([fail(429, { 'retry-after': '60' })], { isSleepHeld: true });
    const controller = new AbortController();
    const call = send({ ...request, signal: controller.signal });
    await settled();
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect([sentCount(), pacer.state.sharedInUse]).toEqual([1, 0]);
  });

  it('ends at once in the queue and is never sent', async () => {
    let answer: (reply: Reply) => void = () => {};
    const slow = new Promise<Reply>((resolve) => {
      answer = resolve;
    });
    const { send, sentCount } = setup([slow, OK], { concurrency: 1 });
    const controller = new AbortController();
    const first = send(request);
    const queued = send({ ...request, signal: controller.signal });
    controller.abort(reason);
    await expect(queued).rejects.toBe(reason);
    answer(OK);
    await first;
    expect(sentCount()).toBe(1);
  });
});
