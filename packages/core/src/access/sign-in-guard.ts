/** How many guesses in a row a bucket takes, and how often one comes back. */
export interface BucketRule {
  readonly burst: number;
  readonly intervalMs: number;
}

export interface SignInRules {
  /** Of one network address, at whichever accounts. */
  readonly address: BucketRule;
  /** Of all strange browsers together, at one account. */
  readonly account: BucketRule;
  /** Of one browser that signed in to the account before, at that account. */
  readonly device: BucketRule;
}

/**
 * An account's bucket fills twice as fast as one address can empty it: whoever guesses from one place leaves room for
 * its owner at another.
 */
export const SIGN_IN_RULES: SignInRules = {
  address: { burst: 10, intervalMs: 60_000 },
  account: { burst: 10, intervalMs: 30_000 },
  device: { burst: 10, intervalMs: 60_000 },
};

/** Who guesses at what. Each text is only compared. */
export interface SignInAttempt {
  readonly address: string;
  readonly account: string;
  /** A browser that proved it signed in to this account before; null: a strange one. */
  readonly device: string | null;
}

export type SignInVerdict = { readonly isAllowed: true } | { readonly isAllowed: false; readonly retryAfterMs: number };

export interface SignInGuard {
  /** Takes one guess of each bucket the attempt counts against, or none. To be asked before the password is looked at. */
  ask(attempt: SignInAttempt, nowMs: number): SignInVerdict;
  /** Gives the guess back: it was right. */
  forgive(attempt: SignInAttempt): void;
}

/**
 * Bounds guesses at passwords. A browser that signed in before has a bucket of its own (OWASP's device cookies), so
 * guesses of strangers, however many, never lock the owner's browsers out.
 *
 * The buckets are a table of fixed size, and `hash` (of a secret, so that nobody can aim) says which one is whose: no
 * flood of made-up names fills the memory, and none drives a used-up bucket out. Two that meet in one bucket share it.
 */
export function createSignInGuard(options: {
  /** An even spread over 0 … 2^32 − 1 that nobody outside can foretell. */
  readonly hash: (text: string) => number;
  readonly rules?: SignInRules;
  /** Buckets of a kind. */
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
 * A bucket is one number, the instant at which it is full again: each guess moves it one interval on, and it may lie no
 * more than a whole burst ahead.
 */
export function waitOf(fullAtMs: number, { burst, intervalMs }: BucketRule, nowMs: number): number {
  return Math.max(0, Math.max(fullAtMs, nowMs) + intervalMs - burst * intervalMs - nowMs);
}
