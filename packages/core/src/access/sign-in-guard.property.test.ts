import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BucketRule, createSignInGuard, SIGN_IN_RULES, type SignInAttempt } from './sign-in-guard.ts';

const START_MS = 1_800_000_000_000;

/** FNV-1a: spreads well enough for a test. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return value;
}

const guardOf = () => createSignInGuard({ hash });
const unknownDevice = (address = 'attacker', account = 'ana'): SignInAttempt => ({ address, account, device: null });

/** A simple implementation of the same rules: tokens that are counted and refilled. */
function oracle() {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const read = (name: string, { burst, intervalMs }: BucketRule, nowMs: number) => {
    const { tokens, atMs } = buckets.get(name) ?? { tokens: burst, atMs: nowMs };
    return Math.min(burst, tokens + (nowMs - atMs) / intervalMs);
  };
  const named = ({ address, account, device }: SignInAttempt): [string, BucketRule][] =>
    device === null
      ? [
          [`address ${address}`, SIGN_IN_RULES.address],
          [`account ${account}`, SIGN_IN_RULES.account],
        ]
      : [[`device ${account} ${device}`, SIGN_IN_RULES.device]];
  return (attempt: SignInAttempt, nowMs: number): boolean => {
    const held = named(attempt).map(([name, rule]) => ({ name, tokens: read(name, rule, nowMs) }));
    if (held.some(({ tokens }) => tokens < 1)) return false;
    for (const { name, tokens } of held) buckets.set(name, { tokens: tokens - 1, atMs: nowMs });
    return true;
  };
}

const attempts = fc.array(
  fc.record({
    // Multiples of half a minute: tokens are then halves, which a double holds exactly.
    pauseMs: fc.constantFrom(0, 0, 0, 0, 30_000, 60_000, 600_000),
    attempt: fc.record({
      address: fc.constantFrom('a1', 'a2', 'a3'),
      account: fc.constantFrom('ana', 'bob'),
      device: fc.constantFrom(null, null, 'laptop', 'phone'),
    }),
  }),
  { maxLength: 200 },
);

describe('brute-force protection', () => {
  it('allows exactly what buckets of counted tokens allow, and returns the exact wait', () => {
    fc.assert(
      fc.property(attempts, (steps) => {
        const guard = guardOf();
        const isAllowed = oracle();
        let nowMs = START_MS;
        for (const { pauseMs, attempt } of steps) {
          nowMs += pauseMs;
          const result = guard.ask(attempt, nowMs);
          expect(result.isAllowed).toBe(isAllowed(attempt, nowMs));
          if (result.isAllowed) continue;
          expect(result.retryAfterMs).toBeGreaterThan(0);
          expect(result.retryAfterMs).toBeLessThanOrEqual(60_000);
        }
      }),
    );
  });

  it('allows a rejected attempt after the returned wait, and not earlier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59_999 }), (offsetMs) => {
        const guard = guardOf();
        for (let attemptNumber = 0; attemptNumber < 10; attemptNumber += 1) guard.ask(unknownDevice(), START_MS);
        const nowMs = START_MS + offsetMs;
        const refused = guard.ask(unknownDevice(), nowMs);
        if (refused.isAllowed) throw new Error('the bucket was empty');
        expect(guard.ask(unknownDevice(), nowMs + refused.retryAfterMs - 1).isAllowed).toBe(false);
        expect(guard.ask(unknownDevice(), nowMs + refused.retryAfterMs).isAllowed).toBe(true);
      }),
    );
  });

  it('never counts attempts from unrecognised devices against a known device, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 2_000 }), (addresses) => {
        const guard = guardOf();
        for (const address of addresses) guard.ask(unknownDevice(address), START_MS);
        expect(guard.ask({ address: 'attacker', account: 'ana', device: 'laptop' }, START_MS).isAllowed).toBe(true);
      }),
    );
  });

  it('allows few of ten thousand attempts in an hour, from one address or from many', () => {
    const allowedOf = (addressOf: (attemptNumber: number) => string) => {
      const guard = guardOf();
      const results = Array.from({ length: 10_000 }, (_, attemptNumber) =>
        guard.ask(unknownDevice(addressOf(attemptNumber)), START_MS + attemptNumber * 360),
      );
      return results.filter((result) => result.isAllowed).length;
    };
    expect(allowedOf(() => 'one')).toBe(10 + 59);
    expect(allowedOf((attemptNumber) => `many ${attemptNumber}`)).toBe(10 + 119);
  });

  it('leaves attempts for the owner on a new device, while one address makes attempts without end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (minutes) => {
        const guard = guardOf();
        let nowMs = START_MS;
        for (; nowMs < START_MS + minutes * 60_000; nowMs += 1_000) guard.ask(unknownDevice(), nowMs);
        const endMs = nowMs + 60_000;
        for (; nowMs <= endMs; nowMs += 1_000) {
          guard.ask(unknownDevice(), nowMs);
          if (guard.ask(unknownDevice('elsewhere'), nowMs).isAllowed) return;
        }
        throw new Error('the owner waited longer than a minute');
      }),
    );
  });

  it('does not count an attempt with the right password', () => {
    const guard = guardOf();
    for (let signIn = 0; signIn < 1_000; signIn += 1) {
      expect(guard.ask(unknownDevice(), START_MS).isAllowed).toBe(true);
      guard.forgive(unknownDevice());
    }
  });
});
