import { describe, expect, it } from 'vitest';
import type { RequestFailure } from '../failures/failure.ts';
import { retryWaitMs, waitMsAfter } from './retry.ts';

const policy = { retryMax: 4, backoffMs: 500 };
const inputs = { retryCount: 0, random: 0.5, nowMs: Date.parse('Fri, 20 Nov 2026 12:00:00 GMT') };

function answer(status: number, headers: Record<string, string> = {}, error: object = {}): RequestFailure {
  return { type: 'status', status, headers: new Headers(headers), body: { error } };
}

const waitFor = (failure: RequestFailure, over: Partial<typeof inputs> = {}) =>
  retryWaitMs(failure, policy, { ...inputs, ...over });

describe('retryWaitMs', () => {
  it.each([408, 409, 429, 500, 502, 503, 504, 529])('retries HTTP %i', (status) => {
    expect(waitFor(answer(status))).toBe(250);
  });

  it.each([400, 401, 403, 404, 405, 410, 418, 422])('does not retry HTTP %i', (status) => {
    expect(waitFor(answer(status))).toBeNull();
  });

  it.each<RequestFailure>([
    { type: 'connection', code: 'ECONNREFUSED', cause: null },
    { type: 'timeout' },
    { type: 'body', status: 200, reason: 'cut short', cause: null },
  ])('retries a failure of type $type', (failure) => {
    expect(waitFor(failure)).toBe(250);
  });

  it('does not fetch a response again that is too large', () => {
    expect(waitFor({ type: 'too_large', status: 200 })).toBeNull();
  });

  it('follows x-should-retry rather than the status', () => {
    expect(waitFor(answer(503, { 'x-should-retry': 'false' }))).toBeNull();
    expect(waitFor(answer(400, { 'x-should-retry': 'true' }))).toBe(250);
    expect(waitFor(answer(503, { 'x-should-retry': 'maybe' }))).toBe(250);
  });

  it.each([
    'insufficient_quota',
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
  ])('does not retry a 429 with code %s, whatever its headers say', (code) => {
    expect(waitFor(answer(429, { 'retry-after': '1', 'x-should-retry': 'true' }, { code }))).toBeNull();
    expect(waitFor(answer(429, {}, { type: code }))).toBeNull();
  });

  it('stops after retryMax', () => {
    expect(waitFor(answer(503), { retryCount: 3 })).not.toBeNull();
    expect(waitFor(answer(503), { retryCount: 4 })).toBeNull();
    expect(retryWaitMs(answer(503), { retryMax: 0, backoffMs: 500 }, inputs)).toBeNull();
  });
});

describe('waitMsAfter', () => {
  const waitAfter = (headers: Record<string, string>, over: Partial<typeof inputs> = {}) =>
    waitMsAfter(answer(429, headers), policy, { ...inputs, ...over });

  it('doubles with each retry up to 8 s, with full jitter', () => {
    const schedule = [0, 1, 2, 3, 4, 5, 20].map((retryCount) => waitAfter({}, { retryCount, random: 1 }));
    expect(schedule).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
    expect(waitAfter({}, { retryCount: 3, random: 0 })).toBe(0);
    expect(waitAfter({}, { retryCount: 3, random: 0.25 })).toBe(1000);
  });

  it.each<[Record<string, string>, number]>([
    [{ 'retry-after-ms': '120' }, 120],
    [{ 'retry-after-ms': '120.5', 'retry-after': '9' }, 120.5],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '3600' }, 60_000],
    [{ 'retry-after': '-5' }, 0],
    [{ 'retry-after': 'Fri, 20 Nov 2026 12:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 13:00:00 GMT' }, 60_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, 250],
    [{ 'retry-after': '' }, 250],
    [{ 'retry-after': 'Infinity' }, 250],
    [{ 'retry-after-ms': 'NaN' }, 250],
  ])('reads %j as %d ms', (headers, waitMs) => {
    expect(waitAfter(headers)).toBe(waitMs);
  });

  it("measures a date against upstream's clock, so that a day of skew changes nothing", () => {
    const headers = { date: 'Thu, 19 Nov 2026 12:00:00 GMT', 'retry-after': 'Thu, 19 Nov 2026 12:00:07 GMT' };
    expect(waitAfter(headers)).toBe(7000);
  });
});
