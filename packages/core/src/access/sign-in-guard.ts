/** How many attempts in a row a bucket allows, and how often one is refilled. */
export interface BucketRule {
  readonly burst: number;
  readonly intervalMs: number;
}

export interface SignInRules {
  /** Of one network address, at all accounts together. */
  readonly address: BucketRule;
  /** Of all unrecognised devices together, at one account. */
  readonly account: BucketRule;
  /** Of one known device of an account, at that account. */
  readonly device: BucketRule;
}

/**
 * An account's bucket refills twice as fast as one address can empty it, so an attacker at one address leaves attempts
 * for the owner at another.
 */
export const SIGN_IN_RULES: SignInRules = {
  address: { burst: 10, intervalMs: 60_000 },
  account: { burst: 10, intervalMs: 30_000 },
  device: { burst: 10, intervalMs: 60_000 },
};

/** Who tries to sign in to what. Each text is only compared. */
export interface SignInAttempt {
  readonly address: string;
  readonly account: string;
  /** A device that proved an earlier sign-in to this account; null: an unrecognised device. */
  readonly device: string | null;
}

export type SignInVerdict = { readonly isAllowed: true } | { readonly isAllowed: false; readonly retryAfterMs: number };

export interface SignInGuard {
  /** Takes one attempt from each bucket that applies, or none. Call it before the password is checked. */
  ask(attempt: SignInAttempt, nowMs: number): SignInVerdict;
  /** Gives the attempt back, because the password was right. */
  forgive(attempt: SignInAttempt): void;
}

/**
 * Limits attempts at passwords. A known device has a bucket of its own (OWASP's device cookies), so attempts of others,
 * however many, never lock out the owner's devices.
 *
 * The buckets are a table of fixed size, and `hash` (keyed with a secret, so that it cannot be targeted) selects the
 * bucket: made-up names can neither fill the memory nor evict a used-up bucket. Names with the same hash share a
 * bucket.
 */
export function createSignInGuard(options: {
  /** Evenly spread over 0 … 2^32 − 1 and unpredictable from outside. */
  readonly hash: (text: string) => number;
  readonly rules?: SignInRules;
  /** Buckets of each kind. */
  readonly size?: number;
}): SignInGuard {
  const { hash, rules = SIGN_IN_RULES, size = 65_536 } = options;
  const tables = {
    address: new Float64Array(size),
    account: new Float64Array(size),
    device: new Float64Array(size),
  };

  const bucketsOf = ({ address, account, device }: SignInAttempt) =>
    device === null
      ? [bucket('address', address), bucket('account', account)]
      : [bucket('device', `${account}\n${device}`)];

  function bucket(kind: keyof SignInRules, name: string) {
    return { table: tables[kind], rule: rules[kind], index: hash(`${kind}\n${name}`) % size };
  }

  return {
    ask(attempt, nowMs) {
      const buckets = bucketsOf(attempt);
      const waits = buckets.map(({ table, rule, index }) => waitOf(table[index] ?? 0, rule, nowMs));
      const retryAfterMs = Math.max(...waits);
      if (retryAfterMs > 0) return { isAllowed: false, retryAfterMs };
      for (const { table, rule, index } of buckets) {
        table[index] = Math.max(table[index] ?? 0, nowMs) + rule.intervalMs;
      }
      return { isAllowed: true };
    },
    forgive(attempt) {
      for (const { table, rule, index } of bucketsOf(attempt)) table[index] = (table[index] ?? 0) - rule.intervalMs;
    },
  };
}

/**
 * A bucket is one number, the instant at which it is full again: each attempt moves it by one interval, and it may be
 * at most one burst ahead.
 */
export function waitOf(fullAtMs: number, { burst, intervalMs }: BucketRule, nowMs: number): number {
  return Math.max(0, Math.max(fullAtMs, nowMs) + intervalMs - burst * intervalMs - nowMs);
}
