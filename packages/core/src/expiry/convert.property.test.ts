import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { anyFacts, anyPolicy } from './arbitraries.ts';
import {
  type Conversion,
  convertToAll,
  type ExpiryFacts,
  fromSource,
  type PolicySource,
  toFileForm,
  toStoreForm,
  toTerraformForm,
} from './convert.ts';
import { DAY_S, EXPIRY_BOUNDS, type ExpiryPolicy, expiresAt } from './policy.ts';

const FORMS = {
  openai_store: toStoreForm,
  openai_file: toFileForm,
  terraform: toTerraformForm,
} satisfies Partial<
  Record<PolicySource['form'], (policy: ExpiryPolicy, facts: ExpiryFacts) => Conversion<object | null>>
>;
type Form = keyof typeof FORMS;

const back = (form: Form, value: unknown, nowS: number): ExpiryPolicy => {
  const read = fromSource({ form, value }, nowS);
  if (!read.isOk) throw new Error(`${form} refuses what it was converted to: ${read.reason}`);
  return read.value;
};

describe.each(Object.keys(FORMS) as Form[])('converting an expiry policy to %s', (form) => {
  const to = FORMS[form];

  it('keeps every accepted policy in a round trip, or declares what is lost', () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, (policy, facts) => {
        const there = to(policy, facts);
        if (there.result === 'refused') {
          expect(there.refusal.message).not.toBe('');
          return;
        }
        const returned = back(form, there.value, facts.nowS);
        if (there.result === 'exact') expect(returned).toEqual(policy);
        else {
          // A declaration applied in this second may give the same instant; applied later it does not.
          if (form !== 'terraform') expect(returned).not.toEqual(policy);
          for (const loss of there.losses) expect(loss.message).not.toBe('');
        }
      }),
    );
  });

  it('reports the real expiry of the result, never an earlier one, and at most one unit later', () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, (policy, facts) => {
        const there = to(policy, facts);
        if (there.result === 'refused') return;
        const endS = expiresAt(policy, facts);
        expect(expiresAt(back(form, there.value, facts.nowS), facts)).toBe(there.expiresAtS);
        if (endS === null || there.expiresAtS === null) {
          expect(there.expiresAtS).toBe(endS);
          return;
        }
        expect(there.expiresAtS).toBeGreaterThanOrEqual(endS);
        if (there.result === 'exact') {
          expect(there.expiresAtS).toBe(endS);
          return;
        }
        const isRaised = there.losses.some((loss) => loss.code === 'raised_to_minimum');
        if (!isRaised) expect(there.expiresAtS - endS).toBeLessThan(DAY_S);
        // The losses lead from the old expiry to the new one without a gap.
        expect(there.losses[0].beforeS).toBe(endS);
        expect(there.losses.at(-1)?.afterS).toBe(there.expiresAtS);
        for (const [i, loss] of there.losses.entries()) {
          if (i > 0) expect(loss.beforeS).toBe(there.losses[i - 1]?.afterS);
        }
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, (policy, facts) => {
        const once = to(policy, facts);
        if (once.result === 'refused') return;
        const twice = to(back(form, once.value, facts.nowS), facts);
        expect(twice.result).not.toBe('refused');
        if (twice.result !== 'refused') expect(twice.value).toEqual(once.value);
      }),
    );
  });

  it('keeps the order of two expiries, and rejects only a later one', () => {
    const twoOfAKind = fc
      .tuple(anyPolicy, anyPolicy, anyFacts)
      .filter(([a, b]) => a.kind === b.kind && a.kind !== 'never');
    fc.assert(
      fc.property(twoOfAKind, ([a, b, facts]) => {
        const [sooner, later] = (expiresAt(a, facts) ?? 0) <= (expiresAt(b, facts) ?? 0) ? [a, b] : [b, a];
        const first = to(sooner, facts);
        const second = to(later, facts);
        if (first.result === 'refused') {
          if (first.refusal.code === 'above_maximum') expect(second.result).toBe('refused');
          return;
        }
        if (second.result === 'refused') expect(second.refusal.code).toBe('above_maximum');
        else expect(second.expiresAtS ?? 0).toBeGreaterThanOrEqual(first.expiresAtS ?? 0);
      }),
      { numRuns: 300 },
    );
  });

  it('stays inside the bounds of the form', () => {
    const bounds = {
      openai_store: EXPIRY_BOUNDS.openaiStoreDays,
      openai_file: EXPIRY_BOUNDS.openaiFileS,
      terraform: EXPIRY_BOUNDS.days,
    }[form];
    fc.assert(
      fc.property(anyPolicy, anyFacts, (policy, facts) => {
        const there = to(policy, facts);
        if (there.result === 'refused' || there.value === null) return;
        const units = 'days' in there.value ? there.value.days : there.value.seconds;
        expect(Number.isSafeInteger(units)).toBe(true);
        expect(units).toBeGreaterThanOrEqual(bounds.min);
        expect(units).toBeLessThanOrEqual(bounds.max);
      }),
    );
  });
});

it('does not depend on the time zone: a change of clocks makes no day longer or shorter', () => {
  const cases = fc.sample(fc.tuple(anyPolicy, anyFacts), 500);
  const converted = () => cases.map(([policy, facts]) => convertToAll(policy, facts));
  vi.stubEnv('TZ', 'UTC');
  const inUtc = converted();
  for (const place of ['America/New_York', 'Europe/Madrid', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
    vi.stubEnv('TZ', place);
    expect(converted()).toEqual(inUtc);
  }
  vi.unstubAllEnvs();
});

describe('every expiry form that OpenAI or a declaration may have', () => {
  const anyForm: fc.Arbitrary<PolicySource> = fc.oneof(
    fc.integer(EXPIRY_BOUNDS.openaiStoreDays).map((days) => ({
      form: 'openai_store' as const,
      value: { anchor: 'last_active_at', days },
    })),
    fc.integer(EXPIRY_BOUNDS.openaiFileS).map((seconds) => ({
      form: 'openai_file' as const,
      value: { anchor: 'created_at', seconds },
    })),
    fc.integer(EXPIRY_BOUNDS.days).map((days) => ({ form: 'terraform' as const, value: { anchor: 'now', days } })),
  );

  it('becomes a policy and converts back unchanged', () => {
    fc.assert(
      fc.property(anyForm, anyFacts, (source, facts) => {
        const read = fromSource(source, facts.nowS);
        if (!read.isOk) throw new Error(read.reason);
        const there = convertToAll(read.value, facts)[source.form];
        expect(there).toMatchObject({ value: source.value });
      }),
    );
  });

  it('reads null as never, in every form', () => {
    for (const form of ['espejo', 'openai_store', 'openai_file', 'terraform'] as const) {
      expect(fromSource({ form, value: null }, 0)).toEqual({ isOk: true, value: { kind: 'never' } });
    }
  });

  it('rejects any other value without an exception', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom('openai_store', 'openai_file', 'terraform'), (value, form) => {
        const read = fromSource({ form, value }, 1_760_000_000);
        expect(read.isOk).toBe(value === null);
      }),
    );
  });
});
